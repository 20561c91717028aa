// Improves pages that work without it: live counts, dialogs, keys, drafts. Text is set as text only, never as HTML.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = number => number > 99 ? "99+" : String(number);

  // Counts on menu, tabs and title come from one stream and so always agree.
  const stream = document.body.dataset.live;
  if (stream && "EventSource" in window) {
    const source = new EventSource(stream);
    source.addEventListener("summary", event => {
      const summary = JSON.parse(event.data);
      for (const mark of all("[data-count]")) {
        const number = summary[mark.dataset.count];
        if (typeof number !== "number") continue;
        mark.textContent = shown(number);
        mark.classList.toggle("none", number === 0);
      }
      document.title = (summary.todo > 0 ? `(${shown(summary.todo)}) ` : "") + document.body.dataset.title;
    });
    addEventListener("pagehide", () => source.close());
  }

  // A sheet is a real dialog: focus stays inside, Escape closes it.
  const open = sheet => {
    if (sheet.open) sheet.close();
    sheet.showModal();
    (sheet.querySelector("[aria-invalid]") ?? sheet.querySelector("textarea, input:not([type=hidden])"))?.focus();
  };
  for (const link of all("[data-sheet]")) {
    link.addEventListener("click", event => {
      event.preventDefault();
      link.closest("details")?.removeAttribute("open");
      const sheet = document.getElementById(link.dataset.sheet);
      if (sheet) open(sheet);
    });
  }
  for (const link of all("[data-close]")) {
    link.addEventListener("click", event => {
      event.preventDefault();
      link.closest("dialog").close();
    });
  }
  for (const sheet of all("dialog[open]")) open(sheet);
  for (const choice of all("[data-phrase]")) {
    choice.addEventListener("change", () => {
      const opinion = document.getElementById(choice.dataset.phrase);
      opinion.value = choice.value;
      opinion.focus();
    });
  }

  // One click, one post; the key in the form guards what slips through.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", event => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  addEventListener("pageshow", () => all("form[data-sent]").forEach(form => delete form.dataset.sent));
  document.getElementById("problem")?.focus();

  // j and k walk the list, Enter opens; on a task they walk the queue.
  const rows = all("[data-keys] a[data-row]");
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
    if (event.key !== "j" && event.key !== "k") return;
    const by = event.key === "j" ? 1 : -1;
    if (rows.length > 0) {
      const at = rows.indexOf(document.activeElement);
      rows[Math.min(Math.max(at + by, 0), rows.length - 1)].focus();
    } else {
      document.querySelector(by > 0 ? "[data-next]" : "[data-previous]")?.click();
    }
  });

  // Loading more adds to the list in place.
  document.addEventListener("click", async event => {
    const link = event.target.closest("[data-more]");
    if (!link) return;
    event.preventDefault();
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return void (location.href = link.href);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = document.querySelector("[data-keys]");
    const added = all("[data-keys] > li", next).map(row => document.adoptNode(row));
    list.append(...added);
    rows.push(...added.map(row => row.querySelector("a[data-row]")));
    const further = next.querySelector("[data-more]");
    if (further) link.href = further.getAttribute("href");
    else link.remove();
    added[0]?.querySelector("a[data-row]").focus();
  });

  // Nobody finds what somebody else typed before: drafts end with the sign-in page.
  try {
    if (document.body.classList.contains("sign-in")) Object.keys(localStorage).filter(key => key.startsWith("draft:")).forEach(key => localStorage.removeItem(key));
  } catch {
    // Storage may be switched off.
  }

  // What is typed into an application is kept on this device until it is sent.
  for (const form of all("form[data-draft]")) {
    const place = "draft:" + form.dataset.draft;
    const fields = all("input[name^='f.'], select[name^='f.'], textarea[name^='f.']", form);
    const untouched = fields.every(field => field.type === "checkbox" || field.type === "radio" ? !field.checked : field.type === "hidden" || !field.value);
    try {
      const kept = JSON.parse(localStorage.getItem(place) ?? "null");
      if (kept && untouched && !document.getElementById("problem")) {
        for (const field of fields) {
          if (!(field.name in kept) || field.type === "hidden") continue;
          if (field.type === "checkbox" || field.type === "radio") field.checked = kept[field.name].includes(field.value);
          else field.value = kept[field.name][0] ?? "";
        }
      }
      form.addEventListener("input", () => {
        const values = {};
        for (const [name, value] of new FormData(form)) if (name.startsWith("f.")) (values[name] ??= []).push(value);
        localStorage.setItem(place, JSON.stringify(values));
      });
      form.addEventListener("submit", event => {
        if (event.submitter?.value === "submit") sessionStorage.setItem("sent", place);
      });
    } catch {
      // Storage may be switched off; the form works without it.
    }
  }
  try {
    const sent = sessionStorage.getItem("sent");
    if (sent && location.pathname.startsWith("/instances/")) {
      localStorage.removeItem(sent);
      sessionStorage.removeItem("sent");
    }
  } catch {
    // As above.
  }
})();
