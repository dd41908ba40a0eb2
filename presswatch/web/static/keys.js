// j and k go from story to story, o opens the one that is at hand. Nothing needs this.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const links = [...document.querySelectorAll("article.story h3 a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "j" && at + 1 < links.length) links[at + 1].focus();
  else if (event.key === "k" && at > 0) links[at - 1].focus();
  else if (event.key === "o" && at >= 0) links[at].click();
});
