import assert from "node:assert/strict";
import { deviceOf } from "@/backoffice/device.ts";

const mozilla = "Mozilla/5.0";
const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";

Deno.test("deviceOf() names browser and system of what people use", () => {
  const known = {
    "Firefox · Windows": `${mozilla} (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0`,
    "Chrome · Android": `${mozilla} (Linux; Android 10; K) ${webkit} Chrome/142.0.0.0 Mobile Safari/537.36`,
    "Safari · iPhone":
      `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604.1`,
    "Edge · Windows": `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`,
    "Chrome · iPhone": `${mozilla} (iPhone; CPU iPhone OS 18_6 like Mac OS X) CriOS/142.0 Mobile/15E148 Safari/604.1`,
    "Safari · Mac": `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/26.0 Safari/605.1.15`,
  };
  for (const [device, userAgent] of Object.entries(known)) assert.equal(deviceOf(userAgent), device);
});

Deno.test("deviceOf() makes nothing of what it does not know, however it is written", () => {
  assert.equal(deviceOf(""), undefined);
  assert.equal(deviceOf("curl/8.5.0"), undefined);
  assert.equal(deviceOf("<script>alert(1)</script>"), undefined);
});
