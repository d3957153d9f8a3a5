// Keeps the words current that say how far a harvest is, and loads the page anew at its end. Without it, a link does.
(() => {
  const place = document.querySelector("[data-citizendata-progress]");
  if (!place) return;
  const look = async () => {
    const answer = await fetch(place.dataset.citizendataProgress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    if (!["running", "under_way"].includes(told.state)) {
      window.location.reload();
      return;
    }
    if (told.words) place.textContent = told.words;
    window.setTimeout(look, 3000);
  };
  window.setTimeout(look, 3000);
})();
