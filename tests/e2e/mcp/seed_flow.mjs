// The seed's whole flow through the official TypeScript SDK's own client, in the repository of the current folder:
// node seed_flow.mjs. Prints what it called, a line each; exits 1 at the first claim that does not hold.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const steps = JSON.parse(readFileSync(new URL("seed_flow.json", import.meta.url), "utf8"));
const git = (...words) => execFileSync("git", words, { encoding: "utf8" });
const checkout = () => git("rev-parse", "HEAD") + git("symbolic-ref", "HEAD") + git("status", "--porcelain=v2") + git("stash", "list");

function claim(holds, text, found) {
  if (holds) return;
  console.error(`does not hold: ${text}: ${JSON.stringify(found)}`);
  process.exit(1);
}

// What `filter` (jq's) says of a value.
function isTrue(filter, value) {
  try {
    execFileSync("jq", ["-e", filter], { input: JSON.stringify(value), stdio: ["pipe", "ignore", "inherit"] });
    return true;
  } catch {
    return false;
  }
}

function work(worker, file) {
  const folder = join(".worktrees", `worker-${worker}`);
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), `content of ${file}\n`);
  git("-C", folder, "add", file);
  git("-C", folder, "commit", "-q", "-m", `Write ${file}`);
}

const transport = new StdioClientTransport({ command: "git", args: ["plan", "mcp"], env: { ...process.env } });
const client = new Client({ name: "seed-flow", version: "1.0.0" });
client.onerror = (error) => claim(false, "the client has no complaint", String(error));
await client.connect(transport);
claim(client.getServerVersion().name === "git", "the server is called git", client.getServerVersion());

const { tools } = await client.listTools();
for (const step of steps) {
  claim(!step.tool || tools.some((tool) => tool.name === step.tool), "the tool is listed", step.tool);
}
claim(tools.every((tool) => tool.description && tool.annotations && tool.inputSchema.type === "object"),
  "each tool is described", tools);

const before = checkout();
async function call(name, args) {
  const result = await client.callTool({ name, arguments: args });
  claim(!result.isError, `${name} succeeds`, result);
  const text = JSON.parse(result.content[0].text);
  const same = JSON.stringify(Array.isArray(text) ? { provides: text } : text) ===
    JSON.stringify(Array.isArray(text) ? { provides: result.structuredContent.provides } : result.structuredContent);
  claim(same, `${name} says the same in both ways`, result);
  claim(checkout() === before, `${name} leaves the checkout alone`, checkout());
  console.log(name);
  return result.structuredContent;
}

for (const step of steps) {
  if (step.tool) {
    const answer = await call(step.tool, step.arguments);
    claim(isTrue(step.holds ?? "true", answer), step.holds, answer);
  } else {
    work(step.worker, step.file);
    const done = await call("complete_task", { task_id: step.task });
    claim(done.success && done.merge_commit, "the task is merged", done);
  }
}

// Several in flight, a refusal, and a bad parameter.
const many = await Promise.all([1, 2, 3, 4, 5].map(() => client.callTool({ name: "get_provides", arguments: {} })));
claim(new Set(many.map((one) => one.content[0].text)).size === 1, "calls in flight get the same answer", many);
const refused = await client.callTool({ name: "remove_worktree", arguments: { worker_id: "9" } });
claim(refused.isError && refused.structuredContent.error.code === "not_found", "a refusal is an error", refused);
const bad = await client.callTool({ name: "remove_worktree", arguments: {} }).catch((error) => error);
claim(bad.code === -32602, "a missing parameter is -32602", String(bad));
await client.ping();

await client.close();
