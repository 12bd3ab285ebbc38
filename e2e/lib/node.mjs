// Starts a development chain of its own for one test file, and stops it again.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 15_000;

/** Where the binary is: BULWARK_NODE, or what `cargo build` left in its target directory. */
function binary() {
  const checkout = fileURLToPath(new URL("../..", import.meta.url));
  const target = process.env.CARGO_TARGET_DIR ?? join(checkout, "target");
  const path = process.env.BULWARK_NODE ?? join(target, "debug", "bulwark-node");
  if (!existsSync(path)) {
    throw new Error(`no node at ${path}; run \`cargo xtask test\`, or set BULWARK_NODE`);
  }
  return path;
}

/** A tool that was built with the node. */
export const tool = (name) => join(dirname(binary()), name);

/** Ports that nobody uses at this moment. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () =>
      new Promise((resolve, reject) => {
        const server = createServer();
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => resolve(server));
      }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

/**
 * A node with `--tmp` and nobody else's network; `chain` is the part of its command line that says
 * which. Without price sources its feeder is idle, so the prices are what the test feeds.
 */
export async function startNode(chain = ["--dev"]) {
  const [rpcPort, networkPort] = await freePorts(2);
  const directory = mkdtempSync(join(tmpdir(), "bulwark-e2e-"));
  const log = join(directory, "node.log");
  const output = openSync(log, "w");
  const args = [
    ...chain,
    "--tmp",
    `--rpc-port=${rpcPort}`,
    `--listen-addr=/ip4/127.0.0.1/tcp/${networkPort}`,
    "--no-prometheus",
    "--no-telemetry",
  ];
  const child = spawn(binary(), args, { stdio: ["ignore", output, output] });
  const exited = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code));
    child.once("error", (error) => resolve(error.message));
  });
  let ended = false;
  exited.then(() => (ended = true));
  // A test that dies leaves no node behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  const stop = async ({ keepLog = false } = {}) => {
    child.kill("SIGTERM");
    const late = sleep(STOP_LIMIT_MS, "late", { ref: false });
    if ((await Promise.race([exited, late])) === "late") kill();
    await exited;
    process.removeListener("exit", kill);
    if (keepLog) console.log(`log of the node: ${log}`);
    else rmSync(directory, { recursive: true, force: true });
  };

  const url = `127.0.0.1:${rpcPort}`;
  const begun = Date.now();
  while (!(await answers(`http://${url}`))) {
    if (ended || Date.now() - begun > START_LIMIT_MS) {
      const why = ended ? `ended with ${await exited}` : "does not answer";
      const tail = readFileSync(log, "utf8").split("\n").slice(-30).join("\n");
      await stop({ keepLog: true });
      throw new Error(`the node ${why}; its last lines:\n${tail}`);
    }
    await sleep(200);
  }
  const address = `/ip4/127.0.0.1/tcp/${networkPort}`;
  return { http: `http://${url}`, ws: `ws://${url}`, address, log, stop };
}

async function answers(url) {
  try {
    return (await rpc(url, "system_health")).isSyncing === false;
  } catch {
    return false;
  }
}

/** One JSON-RPC request over HTTP. */
export async function rpc(url, method, params = []) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(10_000),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}
