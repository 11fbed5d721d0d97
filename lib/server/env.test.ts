import { describe, expect, it } from 'vitest';
import { EnvError, readEnv } from './env.ts';

const faultsOf = (source: Record<string, string>): readonly string[] => {
  try {
    readEnv(source, {
      read: () => {
        throw new Error('no such file');
      },
    });
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
};

describe('the environment', () => {
  it('has the defaults of the contract', () => {
    expect(readEnv({})).toEqual({
      port: 3000,
      host: null,
      providers: {},
      events: true,
      publicUrl: null,
      isPublic: false,
      log: 'text',
      databaseUrl: 'file:./.data/authwalk.db',
      adminToken: null,
      defaultSetup: null,
      rateLimits: false,
      trustProxy: 0,
      allowedHosts: new Set(),
      allowedOrigins: [],
      isPersonal: false,
      maxSandboxes: 20_000,
      workers: 1,
      warnings: [],
    });
    expect(readEnv({ PORT: '', PUBLIC_URL: '' }).port).toBe(3000);
  });

  it("takes names of a network of one's own as loopback, and no others", () => {
    const env = readEnv({
      AUTHWALK_ALLOWED_HOSTS: 'authwalk, Auth.internal my-box.local',
      PUBLIC_URL: 'http://authwalk:3000',
    });
    expect([...env.allowedHosts]).toEqual(['authwalk', 'auth.internal', 'my-box.local']);
    expect(env.isPublic).toBe(false);
    for (const value of [
      'example.com',
      'authwalk:3000',
      '*.local',
      'http://authwalk',
      '192.168.0.1',
      '134744072',
      '0x8080808',
      '.local',
    ])
      expect(() => readEnv({ AUTHWALK_ALLOWED_HOSTS: value }), value).toThrow(
        /AUTHWALK_ALLOWED_HOSTS holds .* it takes/,
      );
  });

  it('takes further origins, and warns of null', () => {
    const env = readEnv({ AUTHWALK_ALLOWED_ORIGINS: 'https://app.example.com vscode-webview://*,null' });
    expect(env.allowedOrigins).toEqual(['https://app.example.com', 'vscode-webview://*', 'null']);
    expect(env.warnings).toEqual([expect.stringMatching(/null.*sandboxed frame/)]);
    for (const value of ['*', 'https://*', 'app.example.com', 'https://a.example/path'])
      expect(() => readEnv({ AUTHWALK_ALLOWED_ORIGINS: value }), value).toThrow(/AUTHWALK_ALLOWED_ORIGINS holds/);
  });

  it('makes and prints the admin token of a personal instance, and limits nobody there', () => {
    const source = { PUBLIC_URL: 'https://my.tunnel.example', AUTHWALK_INSTANCE: 'personal' };
    expect(readEnv(source, { random: () => 'made-up-for-this-run' })).toMatchObject({
      isPublic: true,
      isPersonal: true,
      rateLimits: false,
      adminToken: 'made-up-for-this-run',
      warnings: [expect.stringContaining('made-up-for-this-run')],
    });
    const set = readEnv({ ...source, AUTHWALK_ADMIN_TOKEN: 'a-token-of-my-own' });
    expect([set.adminToken, set.warnings]).toEqual(['a-token-of-my-own', []]);
    expect(() => readEnv({ AUTHWALK_INSTANCE: 'mine' })).toThrow(/AUTHWALK_INSTANCE holds "mine"; it takes/);
  });

  it('takes a short admin token only where others do not reach it, and warns', () => {
    const local = readEnv({ AUTHWALK_ADMIN_TOKEN: 'short' });
    expect([local.adminToken, local.warnings]).toEqual(['short', [expect.stringContaining('can be guessed')]]);
    for (const [name, value] of [
      ['PUBLIC_URL', 'https://walk.example.com'],
      ['AUTHWALK_INSTANCE', 'personal'],
    ] as const)
      expect(faultsOf({ [name]: value, AUTHWALK_ADMIN_TOKEN: 'short' })).toEqual([
        'AUTHWALK_ADMIN_TOKEN holds 5 characters; it takes at least 16 where others can reach this instance.',
      ]);
  });

  it('takes how many sandboxes the database holds', () => {
    expect(readEnv({ AUTHWALK_MAX_SANDBOXES: '500' }).maxSandboxes).toBe(500);
    for (const value of ['9', '1000001', '-1', '1e3', 'many'])
      expect(faultsOf({ AUTHWALK_MAX_SANDBOXES: value })).toEqual([
        `AUTHWALK_MAX_SANDBOXES holds "${value}"; it takes how many sandboxes the database holds, from 10 to 1000000.`,
      ]);
  });

  it('is public where PUBLIC_URL is not loopback, and then limits', () => {
    expect(readEnv({ PUBLIC_URL: 'https://walk.example.com' })).toMatchObject({ isPublic: true, rateLimits: true });
    expect(readEnv({ PUBLIC_URL: 'https://walk.example.com', AUTHWALK_RATE_LIMITS: 'off' }).rateLimits).toBe(false);
    expect(readEnv({ PUBLIC_URL: 'http://localhost:8080' })).toMatchObject({ isPublic: false, rateLimits: false });
    expect(readEnv({ AUTHWALK_RATE_LIMITS: 'on' }).rateLimits).toBe(true);
  });

  it('says of each fault which variable, what it holds, and what it takes', () => {
    const faults = faultsOf({
      PORT: '99999',
      HOST: 'a b',
      PUBLIC_URL: 'https://walk.example.com/',
      AUTHWALK_RATE_LIMITS: 'yes',
      TRUST_PROXY: '-1',
      DATABASE_URL: 'mysql://x',
      AUTHWALK_ADMIN_TOKEN: 'not a token',
      AUTHWALK_DEFAULT_CONFIG: '{"nonsense":1}',
    });
    expect(faults).toHaveLength(8);
    for (const fault of faults) expect.soft(fault).toMatch(/^[A-Z_]+ holds .*; it takes .*\.$/s);
    expect(faults[0]).toBe('PORT holds "99999"; it takes a port from 0 to 65535.');
    expect(faults.join('\n')).not.toContain('not a token');
  });

  it('takes no origin that a browser would write otherwise', () => {
    for (const PUBLIC_URL of [
      'walk.example.com',
      'https://walk.example.com/path',
      'HTTPS://walk.example.com',
      'https://Walk.example.com',
      'https://walk.example.com:443',
      'ftp://x',
      'https://a@b',
      'https://x?y',
    ])
      expect.soft(faultsOf({ PUBLIC_URL })).toHaveLength(1);
    for (const PUBLIC_URL of ['https://walk.example.com', 'http://walk.example.com:8080', 'http://[::1]:3000'])
      expect.soft(faultsOf({ PUBLIC_URL })).toHaveLength(0);
  });

  it('reads the configuration of default as JSON, or from a file', () => {
    expect(readEnv({ AUTHWALK_DEFAULT_CONFIG: '{"refresh":{"rotate":false}}' }).defaultSetup).toEqual({
      config: { 'refresh.rotate': false },
      seed: null,
    });
    expect(
      readEnv({
        AUTHWALK_DEFAULT_CONFIG: '{"config":{"legacyGrants":true},"seed":{"users":[{"email":"a@b.example"}]}}',
      }).defaultSetup,
    ).toEqual({ config: { legacyGrants: true }, seed: { users: [{ email: 'a@b.example' }] } });
    const withHosts = readEnv({
      AUTHWALK_DEFAULT_CONFIG: '{"config":{"legacyGrants":true},"allowedHosts":["Authwalk"]}',
      AUTHWALK_ALLOWED_HOSTS: 'host.docker.internal',
    });
    expect([...withHosts.allowedHosts].sort()).toEqual(['authwalk', 'host.docker.internal']);
    expect(withHosts.defaultSetup).toEqual({ config: { legacyGrants: true }, seed: null });
    expect(faultsOf({ AUTHWALK_DEFAULT_CONFIG: '{"allowedHosts":["evil.example.com"]}' })[0]).toContain('allowedHosts');
    expect(faultsOf({ AUTHWALK_DEFAULT_CONFIG: '{"allowedHosts":["134744072"]}' })[0]).toContain('allowedHosts');
    expect(faultsOf({ AUTHWALK_DEFAULT_CONFIG: '{"allowedHosts":"authwalk"}' })[0]).toContain('allowedHosts');
    expect(faultsOf({ AUTHWALK_DEFAULT_CONFIG: '{"seed":{"users":[{"email":"nobody"}]}}' })[0]).toContain(
      'seed.users.0',
    );
    expect(
      readEnv({ AUTHWALK_DEFAULT_CONFIG: '/etc/walk.json' }, { read: () => '{"legacyGrants":true}' }).defaultSetup,
    ).toEqual({ config: { legacyGrants: true }, seed: null });
    expect(faultsOf({ AUTHWALK_DEFAULT_CONFIG: '/nowhere.json' })[0]).toContain(
      'AUTHWALK_DEFAULT_CONFIG holds "/nowhere.json"',
    );
    expect(faultsOf({ AUTHWALK_DEFAULT_CONFIG: '{"faults":[{"endpoint":"nothing"}]}' })[0]).toContain('faults.0');
  });

  it('says which file and which place in it, and the option that was typed', () => {
    const faultOf = (text: string): string => {
      try {
        readEnv(
          { AUTHWALK_DEFAULT_CONFIG: './walk.json' },
          { read: () => text, named: { AUTHWALK_DEFAULT_CONFIG: '--config' } },
        );
      } catch (error) {
        return (error as EnvError).message;
      }
      return '';
    };
    const begins = '--config (AUTHWALK_DEFAULT_CONFIG) holds "./walk.json", a file ';
    expect(faultOf('{\n  "config": { "legacyGrants": nope }\n}')).toContain(
      `${begins}that is not JSON from line 2, column 32 on; it takes`,
    );
    expect(faultOf('{\n  "a": 1\n  "b": 2\n}')).toContain('not JSON from line 3, column 3 on');
    expect(faultOf('{ "config": { "tokens": { "accessLifetime": "x" } }, "seed": { "users": [{}] } }')).toMatch(
      /a file with faults \(tokens\.accessLifetime: .*seed\.users\.0\.email: /,
    );
    expect(faultOf('{ "config": {}, "seeds": {} }')).toContain('"seeds"');
    expect(faultOf('{ "allowedHosts": ["evil.example.com"] }')).toContain(`${begins}with faults in allowedHosts`);
  });

  it('takes the credentials of a provider whole or not at all', () => {
    const google = { AUTHWALK_GOOGLE_CLIENT_ID: 'id', AUTHWALK_GOOGLE_CLIENT_SECRET: 'secret' };
    expect(readEnv(google).providers).toEqual({ google: { clientId: 'id', clientSecret: 'secret' } });
    expect(() => readEnv({ AUTHWALK_GOOGLE_CLIENT_ID: 'id' })).toThrow(/AUTHWALK_GOOGLE_CLIENT_SECRET is unset/);
  });
});
