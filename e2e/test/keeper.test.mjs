// The example keeper: it earns from accounts that do not fit into a block, says what it did, and ends when
// it is asked to.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { startNode } from "../lib/node.mjs";
import { connect, execute, feed, submit, until } from "../lib/polkadot-js.mjs";
import { startProxy, startTool } from "../lib/process.mjs";
import { steps } from "../lib/steps.mjs";
import { BTC, BTC_USD, price, quantity, usd, USDX } from "../lib/units.mjs";

const KEEPER = "//Dave";
const ACCOUNTS = 90;
/** Batches of each of the four who bid. */
const BATCHES_OF_BIDS = 4;
const BIDS_IN_A_BATCH = 64;
const exact = (text) => BigInt(text.replace(".", "")) * 10n ** BigInt(6 - (text.split(".")[1] ?? "").length);

describe("keeper", () => {
  let node, proxy, api, alice, bob, bidders, charlie, dave, keeper;
  const { step, failed } = steps();
  const run = (...args) => startTool("bulwark-keeper", ["--json", ...args]);
  /** Signs all at once, with one nonce after the other. */
  const executeAll = async (txs, signer) => {
    const first = (await api.rpc.system.accountNextIndex(signer.address)).toNumber();
    const sent = txs.map((tx, i) => submit(api, tx, signer, { nonce: first + i }));
    for (const { error } of await Promise.all(sent)) assert.equal(error, undefined);
  };
  const numberOf = async (hash) => (await api.rpc.chain.getHeader(hash)).number.toNumber();

  before(async () => {
    node = await startNode();
    proxy = await startProxy(node.ws);
    const chain = await connect(node.ws);
    api = chain.api;
    [alice, bob, charlie, dave] = ["Alice", "Bob", "Charlie", "Dave"].map(chain.account);
    bidders = ["Alice", "Eve", "Ferdie"].map(chain.account);
  });

  after(async () => {
    keeper?.kill();
    proxy?.stop();
    await api?.disconnect();
    await node?.stop({ keepLog: failed() });
  });

  step("it says what is wrong with its arguments, its key, or the node", async () => {
    for (const [args, why] of [
      [[], /--key/],
      [["--key", "neither", "--url", node.ws], /the key is not/],
      [["--dry-run", "--once", "--url", "ws://127.0.0.1:1"], /refused/],
    ]) {
      const { code, errors } = await run(...args).ended;
      assert.equal(code, 2);
      assert.match(errors, why);
    }
  });

  step("many accounts are long, and the bids are small", async () => {
    await feed(api, alice, price(100_000));
    for (const who of [bob, ...bidders]) {
      await execute(api, api.tx.margin.deposit(0, USDX, usd(1_000_000)), who);
    }
    const order = (sub, side, amount, limit, tif) =>
      api.tx.orderBook.placeOrder(sub, BTC_USD, side, amount, limit, tif, false, null);
    const ofAll = (call) => Array.from({ length: ACCOUNTS }, (_, sub) => call(sub));
    const size = quantity(0.016);
    const all = size * BigInt(ACCOUNTS);
    await executeAll(ofAll((sub) => api.tx.margin.deposit(sub, USDX, usd(90))), charlie);
    await execute(api, order(0, "Ask", all, price(100_000), "GoodTillCancelled"), bob);
    await feed(api, alice, price(100_000));
    await executeAll(
      ofAll((sub) => order(sub, "Bid", size, price(100_000), "ImmediateOrCancel")),
      charlie,
    );
    const [long] = await api.call.marginApi.openInterest(BTC_USD);
    assert.equal(long.toBigInt(), all);
    await feed(api, alice, price(100_000));
    // Each closing meets many of them, so few accounts fit into a block.
    const bid = {
      market: BTC_USD,
      side: "Bid",
      quantity: quantity(0.001),
      price: price(97_000),
      timeInForce: "GoodTillCancelled",
      reduceOnly: false,
      expiresAt: null,
    };
    const bids = Array.from({ length: BIDS_IN_A_BATCH }, () => ({ Place: bid }));
    const batch = () => api.tx.orderBook.batch(0, bids, true);
    const batches = () => Array.from({ length: BATCHES_OF_BIDS }, batch);
    await Promise.all([bob, ...bidders].map((who) => executeAll(batches(), who)));
  });

  step("without anything due a round ends with nothing sent", async () => {
    for (const follows of [[], ["--finalized"]]) {
      const { code, lines } = await run("--key", KEEPER, "--once", ...follows, "--url", node.ws).ended;
      assert.equal(code, 0);
      assert.deepEqual(lines.map(({ event }) => event), ["connected", "summary"]);
      assert.deepEqual([lines[1].blocks, lines[1].sent], [1, 0]);
    }
  });

  step("it connects again when the connection is cut", async () => {
    keeper = run("--key", KEEPER, "--url", proxy.url);
    const first = await keeper.line("connected");
    assert.equal(first.keeper, dave.address);
    proxy.cut();
    await keeper.line("lost");
    const second = await keeper.line("connected");
    assert.equal(second.genesis, first.genesis);
  });

  let crashedIn;
  step("it earns from accounts that do not fit into a block", async () => {
    const watcher = run("--dry-run", "--leave", "0", "--url", node.ws);
    await watcher.line("connected");
    const crash = api.tx.oracle.feedValues([[BTC, price(96_500)]]);
    crashedIn = await numberOf((await execute(api, crash, alice)).block);
    const earned = await keeper.line("earned");
    assert.ok(exact(earned.reward) > 0n);
    assert.equal(earned.market, BTC_USD);
    const would = await watcher.line("would_send");
    assert.ok(exact(would.equity) < exact(would.maintenance_margin));
    assert.equal((await watcher.stop()).code, 0);
    await until(api, "the end of what is due", async () => {
      return (await api.call.liquidationApi.dueAccounts(256)).length === 0;
    });
  });

  step("it ends when it is asked to, and what it says is what the chain says", async () => {
    const { code, lines, errors } = await keeper.stop();
    assert.deepEqual([code, errors], [0, ""]);
    const summary = lines.at(-1);
    assert.equal(summary.event, "summary");
    const ends = Object.values(summary.failures).reduce((sum, count) => sum + count, summary.earned);
    assert.equal(summary.sent, ends, "every call has an end");

    const rewards = new Map();
    let byChain = 0;
    const best = (await api.rpc.chain.getHeader()).number.toNumber();
    for (let number = crashedIn; number <= best; number++) {
      const hash = await api.rpc.chain.getBlockHash(number);
      for (const { phase, event } of await (await api.at(hash)).query.system.events()) {
        if (!api.events.liquidation.Liquidated.is(event)) continue;
        const { account, liquidator, reward } = event.data;
        if (phase.isInitialization) byChain += 1;
        if (liquidator.unwrapOr("").toString() !== dave.address) continue;
        assert.ok(phase.isApplyExtrinsic);
        const name = `${account.owner}/${account.index}`;
        rewards.set(name, (rewards.get(name) ?? 0n) + reward.toBigInt());
      }
    }
    assert.ok(byChain > 0, "the chain closed some itself");
    const told = new Map();
    for (const { event, account, reward } of lines) {
      if (event === "earned") told.set(account, (told.get(account) ?? 0n) + exact(reward));
    }
    assert.ok(told.size > 0);
    assert.deepEqual(told, rewards);
    const total = [...rewards.values()].reduce((a, b) => a + b);
    assert.equal(exact(summary.reward), total);
    const account = { owner: dave.address, index: 0 };
    const health = (await api.call.marginApi.accountHealth(account)).asOk;
    assert.equal(health.equity.toBigInt(), total, "it is in sub-account 0");
    console.log(`    chain: ${byChain} closings; keeper: ${summary.earned} of ${summary.sent}, ${summary.reward} USD`, summary.failures);
  });
});
