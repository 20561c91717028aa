// Improves pages that work without it: live counts, dialogs, keys. Loaded from this host only; nothing is written into pages as HTML.
"use strict";
