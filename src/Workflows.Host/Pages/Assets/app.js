// Improves pages that work without it: live counts, dialogs, keys, drafts, files, people. Text is set as text only, never as HTML.
"use strict";

(() => {
  document.documentElement.classList.add("js");
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

  // The tab one is on is in view.
  for (const tab of all(".tabs [aria-current]")) tab.scrollIntoView({ block: "nearest", inline: "center" });

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

  // How many are chosen is told; without any there is nothing to approve.
  for (const form of all("[data-bulk]")) {
    const [told, button, every] = ["[data-chosen]", "button", "[data-all]"].map(part => form.querySelector(part));
    const marks = () => all("input[name=ids]", form);
    const count = () => {
      const chosen = marks().filter(mark => mark.checked).length;
      told.textContent = chosen > 0 ? told.dataset.text.replace("{0}", chosen) : "";
      button.disabled = chosen === 0;
      every.checked = chosen > 0 && chosen === marks().length;
    };
    form.addEventListener("change", event => {
      if (event.target === every) marks().forEach(mark => { mark.checked = every.checked; });
      count();
    });
    addEventListener("pageshow", count);
    count();
  }

  // j and k walk the list, Enter opens; on a task they walk the queue.
  const rows = all("[data-keys] a[data-row]");
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
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

  // What is typed is kept by the server a moment after the last key, and when the page is left.
  const saveAfter = 1500;
  for (const form of all("form[data-draft]")) {
    const state = form.querySelector("[data-draft-state]");
    let timer = 0, dirty = false, sending = null;
    const send = async leaving => {
      clearTimeout(timer);
      if (!dirty || form.dataset.sent) return;
      dirty = false;
      const body = new FormData(form);
      body.delete("files");
      body.set("action", "draft");
      sending = new AbortController();
      try {
        const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" }, keepalive: leaving, signal: sending.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        if (answer.status === 200 && state) state.textContent = (await answer.json()).text;
      } catch (error) {
        if (error.name === "AbortError") return;
        dirty = true;
        if (state) state.textContent = state.dataset.failed;
      }
    };
    form.addEventListener("input", event => {
      if (event.target.type === "file") return;
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(send, saveAfter);
    });
    // What is sent now counts; a draft on its way must not come after it.
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      sending?.abort();
    });
    addEventListener("pagehide", () => send(true));
  }

  // Choosing files is enough; one that is too large is told at once.
  for (const input of all("input[type=file][data-most]")) {
    input.addEventListener("change", () => {
      const note = document.getElementById(input.getAttribute("aria-describedby"));
      all(".problem", note).forEach(old => old.remove());
      const large = [...input.files].filter(file => file.size > Number(input.dataset.most));
      if (large.length > 0) {
        const problem = document.createElement("span");
        problem.className = "problem";
        problem.setAttribute("role", "alert");
        problem.textContent = large.map(file => input.dataset.large.replace("{0}", file.name).replace("{1}", Number(input.dataset.most) / 1048576)).join("\n");
        note.append(problem);
        input.value = "";
      } else if (input.files.length > 0) {
        input.closest(".file-row").querySelector("button").click();
      }
    });
  }

  // People are offered while a name is typed; the last of several is looked for.
  let lists = 0;
  for (const input of all("[data-people]")) {
    const many = input.dataset.people === "many";
    const list = document.createElement("ul");
    list.className = "suggest";
    list.id = `suggest-${++lists}`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.after(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
    let timer = 0, asked = 0, chosen = -1;
    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const parts = () => many ? input.value.split(/[,，、;；]/) : [input.value];
    const take = option => {
      const before = parts().slice(0, -1).map(part => part.trim()).filter(part => part);
      input.value = [...before, option.dataset.name].join("、") + (many ? "、" : "");
      close();
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const look = async () => {
      const text = parts().at(-1).trim();
      const mine = ++asked;
      if (!text) return close();
      const answer = await fetch(`/api/v1/organisation/people?limit=8&q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== asked) return;
      const found = (await answer.json()).items;
      if (found.some(person => person.displayName === text || `${person.displayName}(${person.userName})` === text)) return close();
      list.replaceChildren(...found.map((person, n) => {
        const option = document.createElement("li");
        const twice = found.filter(other => other.displayName === person.displayName).length > 1;
        option.id = `${list.id}-${n}`;
        option.setAttribute("role", "option");
        option.dataset.name = twice ? `${person.displayName}(${person.userName})` : person.displayName;
        option.textContent = person.nickname ? `${person.displayName}（${person.nickname}）` : person.displayName;
        const place = document.createElement("small");
        place.textContent = [person.departmentName, person.postName !== person.displayName ? person.postName : null, person.userName].filter(part => part).join(" · ");
        option.append(place);
        option.addEventListener("mousedown", event => event.preventDefault());
        option.addEventListener("click", () => take(option));
        return option;
      }));
      if (found.length === 0) {
        const none = document.createElement("li");
        none.textContent = input.dataset.none;
        list.append(none);
      }
      chosen = -1;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };
    input.addEventListener("input", event => {
      if (!event.isTrusted) return;
      clearTimeout(timer);
      timer = setTimeout(look, 150);
    });
    // An answer that comes after the field was left must not cover what is clicked next.
    input.addEventListener("blur", () => {
      clearTimeout(timer);
      asked++;
      close();
    });
    input.addEventListener("keydown", event => {
      const options = all("[role=option]", list);
      if (list.hidden || options.length === 0) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
        options.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
        options[chosen].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[chosen].id);
      } else if (event.key === "Enter" || event.key === "Tab" && chosen >= 0) {
        event.preventDefault();
        take(options[Math.max(chosen, 0)]);
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    });
  }
})();
