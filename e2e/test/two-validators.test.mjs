// Two validators: what enters the pool of one is liquidated and finalised by both.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { rpc, startNode } from "../lib/node.mjs";
import { connect, execute, until } from "../lib/polkadot-js.mjs";
import { steps } from "../lib/steps.mjs";
import { BTC, BTC_USD, price, quantity, usd, USDX } from "../lib/units.mjs";

describe("a network of two validators", () => {
  const nodes = [];
  let a, b;
  const { step, failed } = steps();

  /** Two of the three feeders of this network are its quorum; each feeds through its own node. */
  const feed = async (dollars) => {
    const values = [[BTC, price(dollars)]];
    await Promise.all([
      execute(a.api, a.api.tx.oracle.feedValues(values), a.account("Alice")),
      execute(b.api, b.api.tx.oracle.feedValues(values), b.account("Bob")),
    ]);
    await until(a.api, `a price of ${dollars}`, async () => {
      const info = (await a.api.call.oracleApi.price(BTC)).unwrap();
      return info.price.isOk && info.price.asOk.toBigInt() === price(dollars);
    });
  };
  const order = ({ api, account }, who, side, amount, limit) =>
    execute(
      api,
      api.tx.orderBook.placeOrder(0, BTC_USD, side, amount, limit, "GoodTillCancelled", false, null),
      account(who),
    );

  before(async () => {
    const alice = await startNode(["--chain=local", "--alice"]);
    nodes.push(alice);
    const id = await rpc(alice.http, "system_localPeerId");
    const boot = `--bootnodes=${alice.address}/p2p/${id}`;
    nodes.push(await startNode(["--chain=local", "--bob", boot]));
    [a, b] = await Promise.all(nodes.map((node) => connect(node.ws)));
  });

  after(async () => {
    await Promise.all([a, b].map((chain) => chain?.api.disconnect()));
    await Promise.all(nodes.map((node) => node.stop({ keepLog: failed() })));
  });

  step("feeds through both nodes make one price", () => feed(100_000));

  step("orders through different nodes meet", async () => {
    const deposit = ({ api, account }, who, dollars) =>
      execute(api, api.tx.margin.deposit(0, USDX, usd(dollars)), account(who));
    await Promise.all([
      deposit(a, "Charlie", 1_000_000),
      deposit(b, "Dave", 6_000),
      deposit(a, "Eve", 1_000_000),
    ]);
    await order(a, "Charlie", "Ask", quantity(1), price(100_000));
    await order(b, "Dave", "Bid", quantity(1), price(100_000));
    await order(b, "Eve", "Bid", quantity(5), price(96_400));
  });

  step("both finalise the block that liquidates", async () => {
    await feed(96_500);
    const dave = { owner: b.account("Dave").address, index: 0 };
    const closed = async ({ api }) => {
      const finalized = await api.rpc.chain.getFinalizedHead();
      const summary = (await (await api.at(finalized)).call.marginApi.accountSummary(dave)).unwrap();
      const [position] = summary.positions;
      const size = position ? position.size_.toBigInt() : 0n;
      return size < quantity(1) && { size, balance: summary.balance.toBigInt() };
    };
    const [seenByA, seenByB] = await Promise.all(
      [a, b].map((chain) => until(chain.api, "a finalised liquidation", () => closed(chain))),
    );
    assert.deepEqual(seenByA, seenByB);
  });
});
