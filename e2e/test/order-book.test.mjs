// What a market data feed gets: subscriptions over a plain WebSocket, and a book that can be rebuilt from
// events alone.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe } from "node:test";
import { promisify } from "node:util";
import { startNode, tool } from "../lib/node.mjs";
import { connect, execute, feed } from "../lib/polkadot-js.mjs";
import { openSocket } from "../lib/socket.mjs";
import { steps } from "../lib/steps.mjs";
import { BTC_USD, price, quantity, usd, USDX } from "../lib/units.mjs";

const SUB_ACCOUNT = 0;
const run = promisify(execFile);

describe("order book", () => {
  let node, api, socket, alice, bob, charlie, depth, trades;
  const { step, failed } = steps();

  const order = (side, amount, limit, timeInForce = "GoodTillCancelled") =>
    api.tx.orderBook.placeOrder(
      SUB_ACCOUNT,
      BTC_USD,
      side,
      amount,
      limit,
      timeInForce,
      false,
      null,
    );
  const idOf = ({ events }) => {
    const rested = events.find((event) => api.events.orderBook.OrderRested.is(event));
    return rested.data.orderId.toNumber();
  };
  const amend = (id, amount, limit) =>
    api.tx.orderBook.amendOrder(SUB_ACCOUNT, BTC_USD, id, amount, limit, true);
  const cancel = (id) => api.tx.orderBook.cancelOrder(SUB_ACCOUNT, BTC_USD, id);
  const has = (levels, level) => levels.some((l) => l[0] === level[0] && l[1] === level[1]);

  before(async () => {
    node = await startNode();
    const chain = await connect(node.ws);
    api = chain.api;
    [alice, bob, charlie] = ["Alice", "Bob", "Charlie"].map(chain.account);
    socket = await openSocket(node.ws);
  });

  after(async () => {
    socket?.close();
    await api?.disconnect();
    await node?.stop({ keepLog: failed() });
  });

  step("subscriptions begin with the book as it is", async () => {
    await feed(api, alice, price(100_000));
    for (const who of [bob, charlie]) {
      await execute(api, api.tx.margin.deposit(SUB_ACCOUNT, USDX, usd(1_000_000)), who);
    }
    depth = await socket.subscribe("orderBook_subscribeDepth", BTC_USD, 10);
    trades = await socket.subscribe("orderBook_subscribeTrades", BTC_USD);
    const first = await depth.next();
    assert.equal(first.method, "orderBook_depthUpdate");
    assert.deepEqual([first.snapshot, first.bids, first.asks], [true, [], []]);
  });

  let bid;
  step("a new level is told of, and one that changes", async () => {
    bid = idOf(await execute(api, order("Bid", quantity(2), price(99_000)), bob));
    await depth.next(({ bids }) => has(bids, ["99000", "2"]));
    await execute(api, amend(bid, quantity(1.5), price(99_000)), bob);
    const update = await depth.next();
    assert.deepEqual([update.snapshot, update.bids, update.asks], [false, [["99000", "1.5"]], []]);
  });

  step("a trade is told of, and the level that it leaves", async () => {
    await feed(api, alice, price(100_000));
    const take = order("Ask", quantity(0.5), price(99_000), "ImmediateOrCancel");
    const { block } = await execute(api, take, charlie);
    const message = await trades.next();
    assert.equal(message.method, "orderBook_trades");
    assert.equal(message.block, block);
    assert.equal(message.trades.length, 1);
    const [trade] = message.trades;
    assert.deepEqual(
      [trade.market, trade.price, trade.quantity, trade.notional, trade.takerSide],
      [BTC_USD, "99000", "0.5", "49500", "Ask"],
    );
    assert.deepEqual(trade.maker, { owner: bob.address, subAccount: SUB_ACCOUNT });
    assert.deepEqual(trade.taker, { owner: charlie.address, subAccount: SUB_ACCOUNT });
    assert.deepEqual([trade.makerOrder, trade.liquidation], [bid, false]);
    await depth.next(({ bids }) => has(bids, ["99000", "1"]));
  });

  step("a level that goes is told of with nothing in it", async () => {
    await execute(api, cancel(bid), bob);
    await depth.next(({ bids }) => has(bids, ["99000", "0"]));
  });

  step("who unsubscribes gets no more", async () => {
    assert.equal(await socket.request("orderBook_unsubscribeDepth", [depth.subscription]), true);
    assert.equal(await socket.request("orderBook_unsubscribeTrades", [trades.subscription]), true);
  });

  step("the book can be rebuilt from events", async () => {
    await feed(api, alice, price(100_000));
    const place = (side, amount, limit) => ({
      Place: {
        market: BTC_USD,
        side,
        quantity: amount,
        price: limit,
        timeInForce: "GoodTillCancelled",
        reduceOnly: false,
        expiresAt: null,
      },
    });
    const quotes = [1, 2, 3].flatMap((i) => [
      place("Bid", quantity(i), price(100_000 - i)),
      place("Bid", quantity(0.1), price(100_000 - i)),
      place("Ask", quantity(i), price(100_000 + i)),
    ]);
    await execute(api, api.tx.orderBook.batch(SUB_ACCOUNT, quotes, true), bob);
    await execute(api, order("Bid", quantity(1.5), price(100_002)), charlie);
    const behind = idOf(await execute(api, order("Bid", quantity(1), price(99_999)), charlie));
    await execute(api, amend(behind, quantity(0.4), price(99_999)), charlie);
    await execute(api, amend(behind, quantity(0.4), price(99_998)), charlie);
    const args = ["--url", node.ws, "--every", "1"];
    const { stdout } = await run(tool("bulwark-book-check"), args);
    const summary = stdout.trim().split("\n").at(-1);
    assert.match(summary, /9 orders rest, compared with the state \d+ times: no difference$/);
    // From a later block, whose book is taken from its state.
    const later = await run(tool("bulwark-book-check"), [...args, "--from", "5"]);
    assert.match(later.stdout, /no difference/);
  });
});
