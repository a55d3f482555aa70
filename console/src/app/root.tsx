// Above all pages: those for who is signed in, and the few for everybody.

import { Outlet, createRootRoute, createRoute, lazyRouteComponent, type AnyRoute } from "@tanstack/react-router";
import { Suspense, lazy, type ComponentType } from "react";

import { useSignedIn } from "~/api/client";
import { Loading } from "~/ui/page";
import { Join, invited } from "./invitation";
import { Localized } from "./localized";
import { Shell } from "./shell";
import { SignInAgain, SignInPage } from "./sign_in";

function Root() {
  return <Localized><Outlet /></Localized>;
}

/** Seen once in the life of an installation. */
const Begin = lazy(() => import("~/features/first_run/begin"));

function SignedIn() {
  const now = useSignedIn();
  if (now.state === "checking") return <Loading />;
  if (now.state === "out" && invited()) return <Join />;
  if (now.state === "out") return <SignInPage />;
  if (now.state === "empty") return <Suspense fallback={<Loading />}><Begin /></Suspense>;
  return (
    <>
      <Shell />
      {now.state === "ended" && <SignInAgain email={now.session.email} />}
    </>
  );
}

export const root = createRootRoute({ component: Root });
export const signedIn = createRoute({ getParentRoute: () => root, id: "signed-in", component: SignedIn });

/** A page for who is signed in; its code is fetched when it is first shown. */
export function page(path: string, load: () => Promise<{ default: ComponentType }>): AnyRoute {
  return createRoute({ getParentRoute: () => signedIn, path, component: lazyRouteComponent(load) });
}
