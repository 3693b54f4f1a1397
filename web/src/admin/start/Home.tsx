/** The first page: the set-up until it is done, then the first other one that the user may see. */

import { Navigate } from "react-router";

import { useItems } from "../shell/Shell";
import { Skeleton } from "../shell/states";
import { useProgress } from "./progress";

export function Component() {
  const [first, second] = useItems();
  const { steps, loading } = useProgress();
  if (!first) return <Navigate to="/profile" replace />;
  if (first.path !== "start") return <Navigate to={`/${first.path}`} replace />;
  if (loading) return <Skeleton />;
  const done = steps.every((step) => step.done);
  return <Navigate to={`/${done && second ? second.path : first.path}`} replace />;
}
