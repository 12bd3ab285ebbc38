// What the tests need of @polkadot/api: transactions by name, events, errors by name, waiting.

import { ApiPromise, Keyring, WsProvider } from "@polkadot/api";
import { BTC } from "./units.mjs";

const INCLUSION_LIMIT_MS = 60_000;
const WAIT_LIMIT_MS = 60_000;

export async function connect(url) {
  const provider = new WsProvider(url);
  // Its warnings name every runtime API that the client has no hand-made types for. None has.
  const api = await ApiPromise.create({ provider, noInitWarn: true });
  const keyring = new Keyring({ type: "sr25519", ss58Format: api.registry.chainSS58 });
  const account = (name) => keyring.addFromUri(`//${name}`);
  return { api, account };
}

/** Why a transaction failed: `orderBook.OffTick`, or the kind of an error that is no module's. */
function nameOf(api, error) {
  if (!error.isModule) return error.type;
  const { section, name } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
}

/**
 * Signs, sends and waits until the transaction is in a block. Never throws for a transaction that
 * failed there: `error` has its name then.
 */
export async function submit(api, tx, signer, { nonce = -1 } = {}) {
  let stop = () => {};
  const limit = AbortSignal.timeout(INCLUSION_LIMIT_MS);
  try {
    return await new Promise((resolve, reject) => {
      limit.onabort = () => reject(new Error("the transaction came into no block in time"));
      tx.signAndSend(signer, { nonce }, ({ status, events, dispatchError, isError }) => {
        if (status.isInBlock) {
          resolve({
            block: status.asInBlock.toHex(),
            events: events.map(({ event }) => event),
            error: dispatchError && nameOf(api, dispatchError),
          });
        } else if (isError) {
          reject(new Error(`the pool dropped the transaction: ${status.type}`));
        }
      }).then((unsubscribe) => (stop = unsubscribe), reject);
    });
  } finally {
    stop();
  }
}

/** As `submit`, for transactions that have to succeed. */
export async function execute(api, tx, signer) {
  const result = await submit(api, tx, signer);
  if (result.error) throw new Error(`${tx.method.section}.${tx.method.method}: ${result.error}`);
  return result;
}

/** Asks `probe` in every new block until it answers something. */
export async function until(api, what, probe) {
  let stop = () => {};
  const limit = AbortSignal.timeout(WAIT_LIMIT_MS);
  try {
    return await new Promise((resolve, reject) => {
      limit.onabort = () => reject(new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s`));
      const look = async (header) => {
        const answer = await probe(header.hash);
        if (answer) resolve(answer);
      };
      api.rpc.chain
        .subscribeNewHeads((header) => void look(header).catch(reject))
        .then((unsubscribe) => (stop = unsubscribe), reject);
    });
  } finally {
    stop();
  }
}

/** Feeds a price of BTC and waits for the block that goes by it. */
export async function feed(api, feeder, price) {
  await execute(api, api.tx.oracle.feedValues([[BTC, price]]), feeder);
  await until(api, `a price of ${price}`, async () => {
    const info = (await api.call.oracleApi.price(BTC)).unwrap();
    return info.price.isOk && info.price.asOk.toBigInt() === price;
  });
}
