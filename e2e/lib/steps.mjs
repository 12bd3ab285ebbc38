// Tests that go on from where the one before them ended, so one failure is all that is to be seen.

import { test } from "node:test";

export function steps() {
  let failed = false;
  const step = (name, body) =>
    test(name, async (context) => {
      if (failed) return context.skip("an earlier step failed");
      failed = true;
      await body(context);
      failed = false;
    });
  return { step, failed: () => failed };
}
