// What a poor line must not lose: a copy of what is typed stays in this browser until it is saved. Also: lists that
// narrow while somebody types, one more row, and a word when a text is too long. Without it the forms work all the same.
(() => {
  const PREFIX = "citizendata-form:";
  const DAYS = 14 * 24 * 3600 * 1000;
  const SECRET = ["sign_in_password", "sign_in_name"];
  const form = document.querySelector("[data-cd-copy]");
  // A visitor's copy goes with the tab: the next visitor of a shared computer isn't shown it.
  const stores = (() => {
    try {
      return [window.localStorage, window.sessionStorage];
    } catch {
      return [];
    }
  })();
  const store = form && form.dataset.cdReader === "visitor" ? stores[1] : stores[0];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // ---- copies -------------------------------------------------------------------------------------------------------
  const read = (place, key) => {
    try {
      return JSON.parse(place.getItem(key));
    } catch {
      return null;
    }
  };
  const copies = (place) =>
    Array.from({ length: place.length }, (_, number) => place.key(number)).filter((key) => key.startsWith(PREFIX));
  const drop = (unwanted) =>
    stores.forEach((place) => copies(place).forEach((key) => unwanted(read(place, key)) && place.removeItem(key)));

  // The server tells in a cookie which form it saved last: its copy has done its work.
  const forgetSaved = () => {
    const saved = document.cookie.match(/(?:^|; )citizendata_saved=([0-9a-f]{32})/);
    if (saved) drop((copy) => !copy || copy.form_id === saved[1]);
    drop((copy) => !copy || Date.now() - copy.at > DAYS);
  };

  const boxes = () =>
    Array.from(form.elements).filter(
      (box) =>
        box.name &&
        !["submit", "button", "file", "password"].includes(box.type) &&
        !SECRET.includes(box.name) &&
        !box.classList.contains("cd-list-find"),
    );
  const isToken = (box) => box.type === "hidden" && !["form_id", "seen"].includes(box.name);
  const isTick = (box) => box.type === "checkbox" || box.type === "radio";

  const answers = () => {
    const found = {};
    boxes().forEach((box) => {
      if (isToken(box)) return;
      const values = (found[box.name] ||= []);
      if (!isTick(box)) values.push(box.value);
      else if (box.checked) values.push(box.value);
    });
    return found;
  };

  const keep = (key) => {
    const copy = { at: Date.now(), form_id: form.elements.form_id.value, link: window.location.search, answers: answers() };
    try {
      store.setItem(key, JSON.stringify(copy));
    } catch {
      // The browser's store is full or closed: the form works without it.
    }
  };

  const put = (copy) => {
    // A link may begin a new record with answers: they stand beside what was typed before.
    const begun = form.dataset.cdCopy === "new" && copy.link !== window.location.search;
    const left = Object.fromEntries(Object.entries(copy.answers).map(([name, values]) => [name, [...values]]));
    Object.keys(left).forEach((name) => {
      if (!form.elements[name]) makeRow(name);
      makeBoxes(name, left[name].length);
    });
    boxes().forEach((box) => {
      const values = left[box.name];
      if (isToken(box) || !values) return;
      if (isTick(box)) box.checked = values.includes(box.value) || (begun && box.checked);
      else if (values.length) box.value = values.shift() || (begun ? box.value : "");
      if (isAnswer(box)) open(box);
    });
  };
  const isAnswer = (box) => (isTick(box) ? box.checked : box.type === "text" && box.value);
  const open = (box) => {
    for (let fold = box.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };
  // As many boxes for typed words of a list as there were.
  const makeBoxes = (name, number) => {
    const typed = () => boxes().filter((box) => box.name === name && box.hasAttribute("list"));
    for (let have = typed().length; have && have < number; have += 1) {
      const last = typed().pop();
      const copy = last.parentElement.cloneNode(true);
      copy.querySelector("input").id = `${last.id}-${have}`;
      last.parentElement.after(copy);
    }
  };

  const note = (words, button, action) => {
    const place = document.createElement("p");
    place.className = "cd-copy";
    place.setAttribute("role", "status");
    place.append(`${words} `);
    const forget = document.createElement("button");
    forget.type = "button";
    forget.className = "btn btn-secondary btn-sm";
    forget.textContent = button;
    forget.addEventListener("click", action);
    place.append(forget);
    form.prepend(place);
  };

  // Each form has a copy of its own, so that two tabs take nothing from each other; a new page begins with the newest.
  const newest = (start) =>
    copies(store)
      .filter((key) => key.startsWith(start))
      .sort((one, other) => read(store, other).at - read(store, one).at)[0];

  const keepCopies = () => {
    const start = `${PREFIX}${form.dataset.cdReader}:${form.dataset.cdCopy}:`;
    const found = newest(start);
    const asMade = JSON.stringify(answers());
    const copy = found && read(store, found);
    // What is put into the form makes it the form that was begun, with its id.
    const keepNow = () => keep(`${start}${form.elements.form_id.value}`);
    // What the server just sent back is newer than any copy.
    if ("cdTyped" in form.dataset) keepNow();
    else if (copy && JSON.stringify({ ...copy.answers, form_id: 0, seen: 0 }) !== JSON.stringify({ ...JSON.parse(asMade), form_id: 0, seen: 0 })) {
      put(copy);
      note(form.dataset.cdRestored, form.dataset.cdForget, () => {
        store.removeItem(found);
        window.location.reload();
      });
    }
    let waiting;
    const later = () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keepNow, 400);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", () => {
      window.clearTimeout(waiting);
      keepNow();
    });
  };

  // Gone back to, a browser asks for the page anew and puts in what was typed: it is the form that was saved, no second.
  const isTyped = (box) => (isTick(box) ? box.checked !== box.defaultChecked : "defaultValue" in box && box.value !== box.defaultValue);
  const staySame = () => {
    const id = form.elements.form_id;
    const before = (window.history.state || {}).citizendataForm;
    if (before && boxes().some(isTyped)) id.value = before;
    else window.history.replaceState({ citizendataForm: id.value }, "");
  };

  // ---- lists --------------------------------------------------------------------------------------------------------
  const narrow = (box) => {
    const list = box.parentElement.querySelector(".cd-choices");
    const choices = Array.from(list.querySelectorAll(".cd-choice"));
    const shown = () => choices.filter((each) => !each.hidden);
    const show = () =>
      choices.forEach((each) => {
        each.hidden = !plain(each.textContent).includes(plain(box.value.trim())) && !each.querySelector(":checked");
      });
    box.addEventListener("input", show);
    box.addEventListener("keydown", (event) => {
      const first = shown().find((each) => plain(each.textContent).includes(plain(box.value.trim())));
      if (event.key === "Enter" && box.value.trim()) {
        event.preventDefault();
        if (!first) return;
        first.querySelector("input").checked = true;
        box.value = "";
        show();
        form.dispatchEvent(new Event("change"));
      } else if (event.key === "ArrowDown" && first) {
        event.preventDefault();
        first.querySelector("input").focus();
      } else if (event.key === "Escape") {
        box.value = "";
        show();
      }
    });
    // Half a word that only narrowed the list is no answer.
    form.addEventListener("submit", () => {
      const typed = plain(box.value.trim());
      if (typed && shown().length && !choices.some((each) => plain(each.textContent.trim()) === typed)) box.value = "";
    });
  };

  // ---- read out with a box ------------------------------------------------------------------------------------------
  const hints = (box) => (box.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
  const describe = (box, ids) => {
    if (ids.length) box.setAttribute("aria-describedby", ids.join(" "));
    else box.removeAttribute("aria-describedby");
    if (ids.some((id) => /^(wrong|long)-/.test(id))) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };

  // ---- rows ---------------------------------------------------------------------------------------------------------
  const lastRow = (group) => Array.from(group.querySelectorAll(".cd-row")).pop();
  const addRow = (group) => {
    const row = lastRow(group);
    const copy = row.cloneNode(true);
    const number = row.outerHTML.match(/name="\w+-(\d+)-/);
    if (!number) return null;
    const was = new RegExp(`^((?:field-|help-)?${group.id.replace("field-", "")}-)${number[1]}-`);
    const next = `$1${Number(number[1]) + 1}-`;
    // What was wrong in the last row is not wrong in a new one.
    copy.querySelectorAll(".cd-error, .cd-long").forEach((each) => each.remove());
    copy.querySelectorAll("[aria-invalid]").forEach((each) => describe(each, hints(each).filter((id) => id.startsWith("help-"))));
    copy.querySelectorAll("*").forEach((each) =>
      ["name", "id", "for", "aria-describedby"].forEach((name) => {
        if (each.hasAttribute(name)) each.setAttribute(name, each.getAttribute(name).replace(was, next));
      }),
    );
    copy.querySelectorAll("input, textarea, select").forEach((box) => {
      if (isTick(box)) box.checked = false;
      else box.value = "";
    });
    row.after(copy);
    return copy;
  };
  const makeRow = (name) => {
    const found = name.match(/^(\w+)-(\d+)-\w+$/);
    const group = found && document.getElementById(`field-${found[1]}`);
    if (!group || !lastRow(group)) return;
    for (let tries = 0; tries < 50 && !form.elements[name]; tries += 1) if (!addRow(group)) return;
  };
  const offerRow = (group) => {
    const fold = lastRow(group) && lastRow(group).closest("details");
    if (!fold || !group.contains(fold)) return;
    const more = document.createElement("button");
    more.type = "button";
    more.className = "btn btn-secondary btn-sm";
    more.textContent = form.dataset.cdAnother;
    more.addEventListener("click", () => {
      const row = addRow(group);
      if (row) row.querySelector("input, textarea, select").focus();
    });
    fold.append(more);
  };

  // ---- too long -----------------------------------------------------------------------------------------------------
  // Counted as the server does: it gets two characters at the end of each line.
  const excess = (box) => Array.from(box.value.trim().replace(/\n/g, "\r\n")).length - Number(box.dataset.cdMost);
  const tellLength = (box) => {
    let place = box.nextElementSibling;
    if (!place || !place.classList.contains("cd-long")) {
      place = document.createElement("span");
      place.className = "cd-long";
      place.id = `long-${box.id}`;
      place.setAttribute("role", "status");
      box.after(place);
    }
    const much = excess(box);
    describe(box, [...hints(box).filter((id) => id !== place.id), ...(much > 0 ? [place.id] : [])]);
    place.textContent = much > 0 ? form.dataset.cdLong.replace("{number}", much.toLocaleString(document.documentElement.lang)) : "";
  };
  const watchLength = () => {
    const limited = Array.from(form.querySelectorAll("[data-cd-most]"));
    limited.forEach((box) => box.addEventListener("input", () => tellLength(box)));
    form.addEventListener("submit", (event) => {
      const first = limited.find((box) => excess(box) > 0);
      if (!first) return;
      event.preventDefault();
      tellLength(first);
      first.focus();
    });
  };

  forgetSaved();
  if (!form) return;
  watchLength();
  form.querySelectorAll(".cd-list-find").forEach(narrow);
  form.querySelectorAll("fieldset.cd-field[id^='field-']:not([data-cd-full])").forEach(offerRow);
  if (store) keepCopies();
  window.addEventListener("pageshow", staySame);
  const wrong = document.getElementById("cd-notice") || document.getElementById("cd-errors");
  if (wrong) wrong.focus();
})();
