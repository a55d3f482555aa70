import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { resumeSession } from "./api/client";
import { queries } from "./api/hooks";
import { router } from "./app/router";
import { followTheme } from "./app/theme";
import { learn } from "./words/server";
import { firstLanguage } from "./words/words";
import "./app/style.css";

followTheme();
// Until the server answers, the page says that it is loading; it asks again by itself.
async function resume() {
  try {
    await learn(firstLanguage());
    await resumeSession();
  } catch {
    window.setTimeout(() => void resume(), 2_000);
  }
}
void resume();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
