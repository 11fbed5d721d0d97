import { defineConfig } from '@playwright/test';

const port = Number(process.env.APP_PORT ?? 8977);

export default defineConfig({
  testDir: '.',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    sandboxOptions: { clients: [{ client_id: 'field-notes', redirect_uris: ['http://127.0.0.1/callback'] }] },
    launchOptions: { executablePath: process.env.CHROMIUM_PATH, args: ['--no-sandbox'] },
  },
  webServer: { command: `"${process.execPath}" app.js`, port, env: { PORT: String(port) } },
});
