// Suggestions while somebody types into a search box: a combobox as the ARIA Authoring Practices describe it. Without
// this script, and while nothing answers, the box works as any other.
(() => {
  const WAIT = 200;
  let lists = 0;

  const made = (name, attributes, parent) => {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return parent.appendChild(element);
  };

  const combobox = (box) => {
    const id = `cd-suggestions-${++lists}`;
    const words = box.dataset;
    const list = made("ul", { id, role: "listbox", class: "cd-suggestions", "aria-label": words.cdLabel, hidden: "" }, box.parentElement);
    const status = made("span", { role: "status", class: "visually-hidden" }, box.parentElement);
    // A box of the type `search` may have no other role.
    box.type = "text";
    Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id }).forEach(
      ([key, value]) => box.setAttribute(key, value),
    );
    let asked = new AbortController();
    let waiting = 0;
    let found = [];
    let at = -1;

    const mark = (place) => {
      at = place;
      Array.from(list.children).forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      if (at < 0) return box.removeAttribute("aria-activedescendant");
      box.setAttribute("aria-activedescendant", list.children[at].id);
      list.children[at].scrollIntoView({ block: "nearest" });
    };
    const open = (is) => {
      list.hidden = !is;
      box.setAttribute("aria-expanded", String(is));
      mark(-1);
    };
    const close = () => {
      clearTimeout(waiting);
      asked.abort();
      open(false);
      status.textContent = "";
    };
    const go = (place) => location.assign(found[place].address);

    const show = (suggestions) => {
      found = suggestions;
      list.replaceChildren();
      found.forEach(({ label, kind }, place) => {
        const option = made("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false" }, list);
        made("bdi", {}, option).textContent = label;
        made("small", {}, option).textContent = kind;
        // Before the box loses its place.
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          go(place);
        });
      });
      open(found.length > 0);
      status.textContent = found.length ? words.cdNumber.replace("{number}", found.length) : "";
    };

    const ask = async () => {
      asked.abort();
      asked = new AbortController();
      const { signal } = asked;
      const typed = box.value.trim();
      if (!typed || typed.length > 100) return show([]);
      try {
        const answer = await fetch(`${words.cdSuggest}?q=${encodeURIComponent(typed)}`, { signal });
        const suggestions = answer.ok ? await answer.json() : [];
        if (!signal.aborted) show(suggestions);
      } catch {
        // What is typed can be searched for all the same.
        if (!signal.aborted) show([]);
      }
    };

    const step = (by) => {
      if (!found.length) return;
      if (list.hidden) open(true);
      // The place before the first one is the box itself.
      mark(((at + 1 + by + found.length + 1) % (found.length + 1)) - 1);
    };
    const keys = {
      ArrowDown: () => (step(1), true),
      ArrowUp: () => (step(-1), true),
      Enter: () => !list.hidden && at >= 0 && (go(at), true),
      Escape: () => !list.hidden && (close(), true),
    };

    box.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, WAIT);
    });
    box.addEventListener("keydown", (event) => {
      if (!event.isComposing && keys[event.key]?.()) event.preventDefault();
    });
    box.addEventListener("blur", close);
  };

  document.querySelectorAll("input[data-cd-suggest]").forEach(combobox);
})();
