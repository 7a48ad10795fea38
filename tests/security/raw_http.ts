/** Sends a request line exactly as it is written, which `fetch` would tidy up first. Answers status, head and body. */
export async function askRaw(
  url: string,
  requestLine: string,
  headers: readonly string[] = [],
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port, host } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const lines = [`${requestLine} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers, "", ""];
  const request = new TextEncoder().encode(lines.join("\r\n"));
  for (let sent = 0; sent < request.length;) sent += await connection.write(request.subarray(sent));
  const text = await readAll(connection);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

async function readAll(connection: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  for (let read = await connection.read(buffer); read !== null; read = await connection.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, read), { stream: true });
  }
  return text;
}
