/** As many as there are, whatever is asked for. */
const products = 100;

/** Faker's configuration for so many rows in its three streams together: as many users as purchases, and its products. */
export function fakerConfiguration(rows: number): { count: number; seed: number } {
  return { count: (rows - products) / 2, seed: 1 };
}

/** Whether Faker can make exactly so many rows. */
export function isPossible(rows: number): boolean {
  return Number.isInteger(rows) && rows % 2 === 0 && rows > 2 * products;
}
