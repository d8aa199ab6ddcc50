/** A GET, or a POST of a body. Throws what the server says, unless it is well. */
export async function ask<T>(url: string, body?: object, bearer?: string): Promise<T> {
  const headers = { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) };
  const response = await fetch(url, { headers, ...(body && { method: "POST", body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
