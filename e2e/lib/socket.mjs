// JSON-RPC subscriptions over a plain WebSocket, without any library of the ecosystem.

import WebSocket from "ws";

const LIMIT_MS = 60_000;

/** Connects; `subscribe` answers an object whose `next(found)` waits for a message. */
export async function openSocket(url) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const waiting = new Map();
  const feeds = new Map();
  let id = 0;

  const feedOf = (subscription) => {
    if (!feeds.has(subscription)) feeds.set(subscription, { messages: [], wake: () => {} });
    return feeds.get(subscription);
  };
  socket.on("message", (data) => {
    const message = JSON.parse(data);
    if (message.id !== undefined) {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
      return;
    }
    const feed = feedOf(message.params.subscription);
    feed.messages.push(message);
    feed.wake();
  });

  const request = (method, params) =>
    new Promise((resolve, reject) => {
      id += 1;
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    });

  const subscribe = async (method, ...params) => {
    const subscription = await request(method, params);
    const feed = feedOf(subscription);
    /** The next message for which `found` is true, and its method; what came before it is dropped. */
    const next = async (found = () => true) => {
      const end = Date.now() + LIMIT_MS;
      for (;;) {
        while (feed.messages.length > 0) {
          const message = feed.messages.shift();
          if (found(message.params.result)) {
            return { method: message.method, ...message.params.result };
          }
        }
        const left = end - Date.now();
        if (left <= 0) throw new Error(`${method}: no such message in time`);
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, left);
          feed.wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    };
    return { subscription, next };
  };
  return { request, subscribe, close: () => socket.close() };
}
