// Light or dark, as a person chose or as the system has it.

export type Theme = "light" | "dark" | "system";

const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function chosenTheme(): Theme {
  const theme = localStorage.getItem("theme");
  return theme === "light" || theme === "dark" ? theme : "system";
}

function apply() {
  const theme = chosenTheme();
  document.documentElement.dataset["theme"] = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
}

export function chooseTheme(theme: Theme) {
  localStorage.setItem("theme", theme);
  apply();
}

export function followTheme() {
  dark.addEventListener("change", apply);
  apply();
}
