// A tool that runs beside the node and tells what it does in lines of JSON.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { tool } from "./node.mjs";

const LIMIT_MS = 60_000;

/** Starts a tool; `line(event)` waits for the next line of that kind. */
export function startTool(name, args) {
  const child = spawn(tool(name), args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const lines = [];
  let errors = "";
  let wake = () => {};
  createInterface({ input: child.stdout }).on("line", (text) => {
    lines.push(JSON.parse(text));
    wake();
  });
  child.stderr.on("data", (data) => (errors += data));
  const ended = once(child, "close").then(([code, signal]) => {
    process.removeListener("exit", kill);
    wake();
    return { code: signal ?? code, lines, errors };
  });

  let read = 0;
  const line = async (event) => {
    const end = Date.now() + LIMIT_MS;
    while (Date.now() < end) {
      while (read < lines.length) {
        const found = lines[read++];
        if (found.event === event) return found;
      }
      const woken = new Promise((resolve) => (wake = resolve));
      await Promise.race([woken, sleep(500, undefined, { ref: false })]);
    }
    throw new Error(`${name}: no line \`${event}\` in time; it said ${JSON.stringify(lines)} ${errors}`);
  };
  /** Asks it to end as a terminal does. */
  const stop = () => {
    child.kill("SIGINT");
    return ended;
  };
  return { lines, line, ended, stop, kill };
}

/** A way to a node that can be cut. */
export async function startProxy(url) {
  const { hostname, port } = new URL(url);
  const open = new Set();
  const server = createServer((client) => {
    const node = connect(port, hostname);
    for (const [from, to] of [[client, node], [node, client]]) {
      open.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => open.forEach((socket) => socket.destroy());
  const stop = () => {
    cut();
    server.close();
  };
  return { url: `ws://127.0.0.1:${server.address().port}`, cut, stop };
}
