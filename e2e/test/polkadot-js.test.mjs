// The life of a margin account, from deposit to liquidation, through @polkadot/api: what wallets,
// the apps page and most scripts use.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { rpc, startNode } from "../lib/node.mjs";
import { connect, execute, feed, submit, until } from "../lib/polkadot-js.mjs";
import { steps } from "../lib/steps.mjs";
import { BTC, BTC_USD, price, quantity, usd, USDX } from "../lib/units.mjs";

const SUB_ACCOUNT = 0;

describe("@polkadot/api", () => {
  let node, api, alice, bob, charlie;
  const { step, failed } = steps();

  const of = (pair) => ({ owner: pair.address, index: SUB_ACCOUNT });
  const health = async (pair) => {
    const result = await api.call.marginApi.accountHealth(of(pair));
    assert.ok(result.isOk, `health: ${result}`);
    const { equity, initialMargin, maintenanceMargin, notional } = result.asOk;
    const figures = { equity, initialMargin, maintenanceMargin, notional };
    return Object.fromEntries(Object.entries(figures).map(([k, v]) => [k, v.toBigInt()]));
  };
  const position = async (pair) => {
    const summary = await api.call.marginApi.accountSummary(of(pair));
    return summary.unwrap().positions.find((p) => p.market.toNumber() === BTC_USD);
  };
  // The client's structs are Maps with a `size` of their own, so it calls a field of that name `size_`.
  const sizeOf = async (pair) => (await position(pair)).size_.toBigInt();
  const order = (side, amount, limit, options = {}) =>
    api.tx.orderBook.placeOrder(
      options.subAccount ?? SUB_ACCOUNT,
      options.market ?? BTC_USD,
      side,
      amount,
      limit,
      options.timeInForce ?? "GoodTillCancelled",
      options.reduceOnly ?? false,
      options.expiresAt ?? null,
    );

  before(async () => {
    node = await startNode();
    const chain = await connect(node.ws);
    api = chain.api;
    [alice, bob, charlie] = ["Alice", "Bob", "Charlie"].map(chain.account);
  });

  after(async () => {
    await api?.disconnect();
    await node?.stop({ keepLog: failed() });
  });

  step("metadata names what clients rely on", async () => {
    assert.equal((await api.rpc.system.chainType()).toString(), "Development");
    assert.equal(api.registry.chainSS58, 42);
    assert.deepEqual(api.registry.chainTokens, ["BLW"]);
    assert.deepEqual(api.registry.chainDecimals, [12]);
    const calls = {
      oracle: ["feedValues"],
      priceOracle: ["registerFeeder", "unregisterFeeder"],
      markets: ["setMarket", "setCollateral", "listMarket"],
      margin: ["deposit", "withdraw", "transfer"],
      orderBook: ["placeOrder", "cancelOrder"],
      liquidation: ["liquidate"],
      insurance: ["contribute"],
      lending: ["supply", "redeem"],
      circuitBreaker: ["haltMarket", "resumeMarket"],
    };
    for (const [pallet, names] of Object.entries(calls)) {
      for (const name of names) {
        assert.equal(typeof api.tx[pallet]?.[name], "function", `${pallet}.${name}`);
      }
    }
    const views = {
      oracleApi: [
        "price",
        "prices",
        "twap",
        "slowPrice",
        "hourRange",
        "history",
        "feeders",
      ],
      marginApi: ["accountHealth", "accountSummary", "market", "openInterest"],
      orderBookApi: ["depth", "best", "openOrders"],
      liquidationApi: ["dueAccounts", "isDue"],
      insuranceApi: ["fund"],
      lendingApi: ["pool", "supplier"],
      circuitBreakerApi: ["marketStatus"],
    };
    for (const [runtimeApi, names] of Object.entries(views)) {
      for (const name of names) {
        assert.equal(typeof api.call[runtimeApi]?.[name], "function", `${runtimeApi}.${name}`);
      }
    }
    const known = api.registry.signedExtensions;
    const unknown = known.filter((name) => !(name in EXTENSIONS));
    assert.deepEqual(unknown, [], "transaction extensions that wallets do not know");
    const fields = api.tx.orderBook.placeOrder.meta.args.map((arg) => arg.name.toString());
    assert.deepEqual(fields, [
      "subAccount",
      "market",
      "side",
      "quantity",
      "price",
      "timeInForce",
      "reduceOnly",
      "expiresAt",
    ]);
  });

  step("a fed price is the price of the next block", async () => {
    await feed(api, alice, price(100_000));
    const info = (await api.call.oracleApi.price(BTC)).unwrap();
    assert.equal(info.feeds.toNumber(), 1);
    const feeders = await api.call.oracleApi.feeders();
    assert.deepEqual(
      feeders.map((f) => [f.who.toString(), f.hotKey.toString(), f.status.type]),
      [[alice.address, alice.address, "Active"]],
    );
  });

  step("a deposit moves tokens into the account", async () => {
    const before = await api.query.assets.account(USDX, charlie.address);
    const { events } = await execute(
      api,
      api.tx.margin.deposit(SUB_ACCOUNT, USDX, usd(6_000)),
      charlie,
    );
    const deposited = events.find((event) => api.events.margin.Deposited.is(event));
    assert.equal(deposited.data.amount.toBigInt(), usd(6_000));
    assert.equal(deposited.data.account.owner.toString(), charlie.address);
    const after = await api.query.assets.account(USDX, charlie.address);
    const paid = before.unwrap().balance.toBigInt() - after.unwrap().balance.toBigInt();
    assert.equal(paid, usd(6_000));
    assert.equal((await health(charlie)).equity, usd(6_000));
    await execute(api, api.tx.margin.deposit(SUB_ACCOUNT, USDX, usd(1_000_000)), bob);
  });

  step("orders meet and make two positions", async () => {
    await execute(api, order("Ask", quantity(1), price(100_000)), bob);
    const [, asks] = await api.call.orderBookApi.depth(BTC_USD, 10);
    assert.equal(asks.length, 1);
    assert.equal(asks[0][0].toBigInt(), price(100_000));
    assert.equal(asks[0][1].toBigInt(), quantity(1));

    await feed(api, alice, price(100_000));
    const take = order("Bid", quantity(1), price(100_000), { timeInForce: "ImmediateOrCancel" });
    const { events } = await execute(api, take, charlie);
    const filled = events.find((event) => api.events.orderBook.Filled.is(event));
    assert.equal(filled.data.notional.toBigInt(), usd(100_000));
    assert.equal(filled.data.kind.type, "Trade");

    assert.equal(await sizeOf(charlie), quantity(1));
    assert.equal(await sizeOf(bob), -quantity(1));
    const { equity, initialMargin, maintenanceMargin } = await health(charlie);
    assert.equal(initialMargin, usd(5_000));
    assert.equal(maintenanceMargin, usd(3_000));
    assert.ok(equity < usd(6_000) && equity > usd(5_900), `the fee was paid: ${equity}`);
    const [long, short] = await api.call.marginApi.openInterest(BTC_USD);
    assert.equal(long.toBigInt(), short.toBigInt());
  });

  step("plain JSON says what the runtime APIs say", async () => {
    const ask = (method, ...params) => rpc(node.http, method, params);
    const fed = await ask("oracle_price", BTC);
    assert.deepEqual([fed.price, fed.error, fed.feeds], ["100000", null, 1]);
    const [feeder] = await ask("oracle_feeders");
    assert.equal(feeder.hotKey, alice.address);
    const expected = await ask("oracle_expectedMove", BTC);
    assert.ok(Number(expected.marginMove) > 0.01 && Number(expected.slowMove) > 0.01);

    const { equity, maintenanceMargin } = await health(charlie);
    const account = await ask("margin_accountSummary", charlie.address, SUB_ACCOUNT);
    assert.equal(usd(account.health.equity), equity);
    assert.equal(usd(account.health.maintenanceMargin), maintenanceMargin);
    assert.deepEqual(
      account.positions.map(({ market, size, mark }) => [market, size, mark]),
      [[BTC_USD, "1", "100000"]],
    );
    const interest = await ask("margin_openInterest", BTC_USD);
    assert.deepEqual(interest, { long: "1", short: "1" });

    await execute(api, order("Bid", quantity(0.5), price(98_000.5)), bob);
    assert.deepEqual(await ask("orderBook_best", BTC_USD), { bid: "98000.5", ask: null });
    const [open] = await ask("orderBook_openOrders", bob.address, SUB_ACCOUNT);
    assert.deepEqual([open.side, open.price, open.quantity], ["Bid", "98000.5", "0.5"]);
    await execute(api, api.tx.orderBook.cancelOrder(SUB_ACCOUNT, BTC_USD, open.id), bob);

    assert.equal(await ask("liquidation_isDue", charlie.address, SUB_ACCOUNT), false);
    assert.equal((await ask("circuitBreaker_marketStatus", BTC_USD)).status, "Active");
    assert.ok(Number(await ask("insurance_fund")) > 0);
    await assert.rejects(ask("margin_openInterest", 99), /no such market/);
    await assert.rejects(ask("oracle_price", 77), /no such asset/);
    await assert.rejects(ask("oracle_expectedMove", 77), /no such asset/);
  });

  step("what is not allowed is refused by name", async () => {
    await feed(api, alice, price(100_000));
    const { margin, orderBook, oracle, liquidation, circuitBreaker } = api.tx;
    const healthy = of(bob);
    const refused = [
      [margin.deposit(SUB_ACCOUNT, USDX, 0), "margin.ZeroAmount"],
      [margin.deposit(SUB_ACCOUNT, USDX, 1), "margin.BelowMinimumDeposit"],
      [margin.deposit(SUB_ACCOUNT, 77, usd(1)), "margin.UnknownAsset"],
      [margin.withdraw(SUB_ACCOUNT, USDX, usd(3_000)), "margin.InsufficientMargin"],
      [margin.withdraw(9, USDX, usd(1)), "margin.InsufficientBalance"],
      [margin.transfer(SUB_ACCOUNT, SUB_ACCOUNT, USDX, usd(1)), "margin.SameAccount"],
      [order("Bid", quantity(1), price(99_000.05)), "orderBook.OffTick"],
      [order("Bid", quantity(0.00105), price(99_000)), "orderBook.OffLot"],
      [order("Bid", quantity(0.0005), price(99_000)), "orderBook.BelowMinimumOrder"],
      [order("Bid", 0n, price(99_000)), "orderBook.ZeroQuantity"],
      [order("Bid", quantity(1), price(80_000)), "orderBook.OutsideBand"],
      [order("Bid", quantity(1), price(99_000), { expiresAt: 1 }), "orderBook.Expired"],
      [order("Bid", quantity(1), price(99_000), { market: 99 }), "orderBook.UnknownMarket"],
      [order("Bid", quantity(10), price(99_000)), "margin.InsufficientMargin"],
      [orderBook.cancelOrder(SUB_ACCOUNT, BTC_USD, 4_294_967_295), "orderBook.UnknownOrder"],
      [liquidation.liquidate(healthy), "liquidation.NotLiquidatable"],
      [circuitBreaker.haltMarket(BTC_USD, "Paused"), "BadOrigin"],
    ];
    const first = (await api.rpc.system.accountNextIndex(charlie.address)).toNumber();
    const results = await Promise.all(
      refused.map(([tx], i) => submit(api, tx, charlie, { nonce: first + i })),
    );
    const found = results.map(({ error }, i) => `${methodOf(refused[i][0])}: ${error}`);
    const expected = refused.map(([tx, error]) => `${methodOf(tx)}: ${error}`);
    assert.deepEqual(found, expected);
    assert.equal(await sizeOf(charlie), quantity(1));
    // A stranger's feed does not get into the pool, nor does a feeder's of what is not listed.
    await assert.rejects(submit(api, oracle.feedValues([[BTC, price(1)]]), charlie), /1010/);
    await assert.rejects(submit(api, oracle.feedValues([[77, price(1)]]), alice), /1010/);
  });

  step("a fall of the price liquidates in block execution", async () => {
    await execute(api, order("Bid", quantity(2), price(97_000)), bob);
    await feed(api, alice, price(100_000));
    assert.equal((await api.call.liquidationApi.isDue(of(charlie))).isTrue, false);
    const before = await sizeOf(charlie);

    // 3.5 %: less than the 6 % that Charlie has, more than what leaves the 3 % that he must have.
    const tx = api.tx.oracle.feedValues([[BTC, price(96_500)]]);
    const { block } = await execute(api, tx, alice);
    const fedIn = (await api.rpc.chain.getHeader(block)).number.toNumber();

    const found = await until(api, "a liquidation", async (hash) => {
      const events = await (await api.at(hash)).query.system.events();
      const record = events.find(({ event }) => api.events.liquidation.Liquidated.is(event));
      return record && { record, hash };
    });
    const { record, hash } = found;
    assert.ok(record.phase.isInitialization, "before any transaction of the block");
    const closedIn = (await api.rpc.chain.getHeader(hash)).number.toNumber();
    assert.equal(closedIn, fedIn + 1, "in the first block that has the price");
    const { account, quantity: closed, notional, equityBefore, equityAfter } = record.event.data;
    assert.equal(account.owner.toString(), charlie.address);
    assert.ok(closed.toBigInt() > 0n && closed.toBigInt() < before, `closed ${closed}`);
    assert.equal(notional.toBigInt() * 10n ** 12n, closed.toBigInt() * 97_000n, "at the bid");
    assert.ok(equityBefore.toBigInt() > 0n && equityAfter.toBigInt() > 0n);

    assert.equal(await sizeOf(charlie), before - closed.toBigInt());
    const after = await health(charlie);
    assert.ok(after.equity >= after.maintenanceMargin, "above maintenance again");
    assert.equal((await api.call.liquidationApi.dueAccounts(10)).length, 0);
    const [long, short] = await api.call.marginApi.openInterest(BTC_USD);
    assert.equal(long.toBigInt(), short.toBigInt());
  });

  step("the chain finalises what happened", async () => {
    const best = (await api.rpc.chain.getHeader()).number.toNumber();
    await until(api, "finality", async () => {
      const hash = await api.rpc.chain.getFinalizedHead();
      return (await api.rpc.chain.getHeader(hash)).number.toNumber() >= best;
    });
  });
});

const methodOf = (tx) => `${tx.method.section}.${tx.method.method}`;

/** Transaction extensions that every client of the ecosystem knows. */
const EXTENSIONS = {
  AuthorizeCall: true,
  ChargeTransactionPayment: true,
  CheckGenesis: true,
  CheckMetadataHash: true,
  CheckMortality: true,
  CheckNonce: true,
  CheckNonZeroSender: true,
  CheckSpecVersion: true,
  CheckTxVersion: true,
  CheckWeight: true,
  WeightReclaim: true,
};
