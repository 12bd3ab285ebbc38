// Units of the chain: USD has 6 decimals, prices and quantities have 18.

export const usd = (amount) => BigInt(Math.round(amount * 1e6));
export const price = (dollars) => BigInt(Math.round(dollars * 100)) * 10n ** 16n;
export const quantity = (units) => BigInt(Math.round(units * 1e6)) * 10n ** 12n;

/** The settlement asset, the asset of the first market, and that market. */
export const USDX = 1;
export const BTC = 2;
export const BTC_USD = 1;
