// The same chain through polkadot-api, which speaks the new JSON-RPC (chainHead, transaction) and
// knows nothing but the chain's own metadata.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { sr25519CreateDerive } from "@polkadot-labs/hdkd";
import {
  DEV_PHRASE,
  entropyToMiniSecret,
  mnemonicToEntropy,
  ss58Address,
} from "@polkadot-labs/hdkd-helpers";
import { createClient, Enum } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsProvider } from "polkadot-api/ws";
import WebSocket from "ws";
import { rpc, startNode } from "../lib/node.mjs";
import { steps } from "../lib/steps.mjs";
import { BTC, BTC_USD, price, quantity, usd, USDX } from "../lib/units.mjs";

const derive = sr25519CreateDerive(entropyToMiniSecret(mnemonicToEntropy(DEV_PHRASE)));

function developer(name) {
  const pair = derive(`//${name}`);
  return {
    address: ss58Address(pair.publicKey, 42),
    signer: getPolkadotSigner(pair.publicKey, "Sr25519", pair.sign),
  };
}

describe("polkadot-api", () => {
  const [alice, dave] = [developer("Alice"), developer("Dave")];
  let node, client, api;
  const { step, failed } = steps();

  before(async () => {
    node = await startNode();
    // Node 20 has no WebSocket of its own.
    client = createClient(getWsProvider(node.ws, { websocketClass: WebSocket }));
    api = client.getUnsafeApi();
  });

  after(async () => {
    client?.destroy();
    await node?.stop({ keepLog: failed() });
  });

  step("the node serves what the client needs", async () => {
    const { methods } = await rpc(node.http, "rpc_methods");
    for (const method of [
      "chainHead_v1_follow",
      "chainHead_v1_call",
      "chainSpec_v1_genesisHash",
      "transaction_v1_broadcast",
    ]) {
      assert.ok(methods.includes(method), method);
    }
    const { name, properties } = await client.getChainSpecData();
    assert.ok(name.length > 0);
    assert.equal(properties.ss58Format, 42);
    assert.equal(properties.tokenSymbol, "BLW");
    assert.equal(properties.tokenDecimals, 12);
  });

  step("a runtime API is read", async () => {
    const market = await api.apis.MarginApi.market(BTC_USD);
    assert.equal(market.index_asset, BTC);
    assert.equal(market.initial_margin, 50_000_000n);
    const nobody = { owner: dave.address, index: 7 };
    assert.equal(await api.apis.MarginApi.account_summary(nobody), undefined);
    const status = await api.apis.CircuitBreakerApi.market_status(BTC_USD);
    assert.equal(status.status.type, "Active");
  });

  step("a signed deposit is finalised", async () => {
    const before = await api.query.Assets.Account.getValue(USDX, dave.address);
    const call = { sub_account: 0, asset: USDX, amount: usd(2_500) };
    const result = await api.tx.Margin.deposit(call).signAndSubmit(dave.signer);
    assert.ok(result.ok, JSON.stringify(result.dispatchError));
    const deposited = result.events.find(
      (event) => event.type === "Margin" && event.value.type === "Deposited",
    );
    assert.equal(deposited.value.value.amount, usd(2_500));
    const after = await api.query.Assets.Account.getValue(USDX, dave.address);
    assert.equal(before.balance - after.balance, usd(2_500));
    const health = await api.apis.MarginApi.account_health({ owner: dave.address, index: 0 });
    assert.ok(health.success);
    assert.equal(health.value.equity, usd(2_500));
  });

  step("an error has its name", async () => {
    const call = { sub_account: 0, asset: USDX, amount: 0n };
    const result = await api.tx.Margin.deposit(call).signAndSubmit(dave.signer);
    assert.equal(result.ok, false);
    const { type, value } = result.dispatchError;
    assert.deepEqual([type, value.type, value.value.type], ["Module", "Margin", "ZeroAmount"]);
  });

  step("a fed price lets an order rest", async () => {
    const values = [[BTC, price(100_000)]];
    const fed = await api.tx.Oracle.feed_values({ values }).signAndSubmit(alice.signer);
    assert.ok(fed.ok, JSON.stringify(fed.dispatchError));
    const info = await api.apis.OracleApi.price(BTC, { at: "best" });
    assert.ok(info.price.success);
    assert.equal(info.price.value, price(100_000));
    const placed = await api.tx.OrderBook.place_order({
      sub_account: 0,
      market: BTC_USD,
      side: Enum("Bid"),
      quantity: quantity(0.1),
      price: price(99_000),
      time_in_force: Enum("GoodTillCancelled"),
      reduce_only: false,
      expires_at: undefined,
    }).signAndSubmit(dave.signer);
    assert.ok(placed.ok, JSON.stringify(placed.dispatchError));
    const orders = await api.apis.OrderBookApi.open_orders({ owner: dave.address, index: 0 });
    assert.equal(orders.length, 1);
    assert.equal(orders[0].quantity, quantity(0.1));
    assert.equal(orders[0].price, price(99_000));
  });
});
