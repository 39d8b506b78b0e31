/** The page at `/` while no editor is built: what this is, and how to use the API. */
export const welcomePage = (publicUrl: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hookloom</title>
<style>
  :root { color-scheme: light dark; --ink: light-dark(#1b1d22, #e8e9ec); --quiet: light-dark(#5b606b, #a0a5b0);
    --line: light-dark(#e3e5e9, #2c3038); --sheet: light-dark(#f7f8f9, #1c1f25); --page: light-dark(#fff, #14161a); }
  body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
  main { max-width: 42rem; margin: 12vh auto; padding: 0 1.5rem; }
  h1 { font-size: 28px; margin: 0 0 .25rem; }
  p { color: var(--quiet); }
  pre { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; padding: 1rem; overflow: auto;
    font: 13px/1.6 ui-monospace, monospace; }
  code { font: .9em ui-monospace, monospace; }
</style>
</head>
<body>
<main>
<h1>Hookloom is running</h1>
<p>Workflows that webhooks start. Each has its own URL; what arrives there is verified, stored, acknowledged, and run.</p>
<p>Put a workflow file into git and apply it:</p>
<pre>npm run hookloom -- apply nodes/templates/github-push-to-slack.json</pre>
<p>Or make one over the API, with the token from the file that the start named:</p>
<pre>curl ${publicUrl}/api/workflows \\
  -H "Authorization: Bearer $HOOKLOOM_API_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"name": "First", "publish": true,
       "graph": {"nodes": [{"id": "hook", "type": "webhook"}]}}'</pre>
<p>The answer holds <code>hook.url</code>: post to it, and look at <code>/api/events</code> and <code>/api/runs</code>.
All of the API is described at <code>/api/openapi.json</code>.</p>
</main>
</body>
</html>
`
