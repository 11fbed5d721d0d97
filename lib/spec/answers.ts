/**
 * What the control API and the JSON endpoints answer, as schemas. The OpenAPI document, the types of its
 * clients and the test that reads every answer come from these. Pure data: it runs anywhere.
 */
import { z } from 'zod';

const time = z.iso.datetime().describe('ISO 8601, UTC');
const json = z.record(z.string(), z.json());

/** An error as JSON (RFC 6749 §5.2), with what else helps. */
export const errorAnswer = z
  .looseObject({
    error: z.string().describe('A stable code'),
    error_description: z.string().describe('What was expected, for a person'),
    error_uri: z.url().describe('Where the reference explains the code'),
  })
  .meta({ id: 'Error', description: 'An error (RFC 6749 §5.2)' });

/** The same as `application/problem+json`, if `Accept` names it. */
export const problemAnswer = z
  .looseObject({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
  })
  .meta({ id: 'Problem', description: 'An error as problem details (RFC 9457)' });

export const clockAnswer = z
  .object({
    now: time.describe('Protocol time of the sandbox'),
    offset: z.number().describe('Seconds ahead of wall time'),
    frozen: z.boolean(),
  })
  .meta({ id: 'Clock' });

/** What a client of the configuration or the seed connects with. */
export const connectionAnswer = z
  .looseObject({
    client_id: z.string(),
    token_endpoint_auth_method: z.string(),
    auth_method: z.string().describe('The same, under its older name'),
    redirect_uris: z.array(z.string()).describe('Empty: any loopback address'),
    client_secret: z.string().optional(),
    private_jwk: json.optional(),
  })
  .meta({ id: 'ClientCredentials', description: 'What a pre-registered client connects with' });

const sandboxFields = {
  id: z.string(),
  issuer: z.string().describe('Issuer identifier of the sandbox'),
  mcp: z.object({ oauth: z.string(), bearer: z.string(), no_auth: z.string() }),
  scenario: z.string().nullable(),
  own_origin: z.boolean().describe('Whether it is alone on its origin'),
  config: json.describe('The knobs that were set'),
  staged: json.describe('What stages set since, over config; ends with a reset or another scenario'),
  clock: clockAnswer,
  created_at: time,
  expires_at: time.nullable().describe('null: it does not expire'),
  ttl: z.int().nullable().describe('Seconds that it lives after its last use'),
  clients: z.array(connectionAnswer).optional(),
};

export const sandboxAnswer = z.looseObject(sandboxFields).meta({ id: 'Sandbox' });

export const createdSandboxAnswer = z
  .looseObject({
    ...sandboxFields,
    clients: z.array(connectionAnswer).describe('What the pre-registered clients connect with'),
    control_token: z.string().describe('Shown this once'),
    inspect_url: z.string().describe('The page about the sandbox, with its control token'),
  })
  .meta({ id: 'CreatedSandbox', description: 'A new sandbox, with its control token' });

export const scenariosAnswer = z.object({
  scenarios: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string(),
      group: z.string(),
      what_the_server_does: z.string(),
      conforming_client: z.string(),
      common_mistakes: z.array(z.string()),
      level: z.string(),
      versions: z.array(z.string()),
      conformance: z.string().nullable(),
      config: json,
      built: z.boolean().describe('Whether a sandbox can be started in it'),
    }),
  ),
});

export const faultAnswer = z
  .looseObject({
    id: z.string(),
    endpoint: z.string(),
    effect: json,
    matched: z.int().describe('Requests that it was about'),
    acted: z.int().describe('Requests that it acted on'),
    created_at: time.optional(),
  })
  .meta({ id: 'Fault', description: 'A scripted fault' });
export const faultsAnswer = z.object({ faults: z.array(faultAnswer) });

export const userAnswer = z
  .looseObject({
    sub: z.string(),
    email: z.string().nullable(),
    claims: json,
    temporary: z.boolean().describe('Made up for one run'),
    created_at: time,
  })
  .meta({ id: 'User' });
export const usersAnswer = z.object({ users: z.array(userAnswer) });

export const clientAnswer = z
  .looseObject({ client_id: z.string(), source: z.string(), metadata: json, created_at: time })
  .meta({ id: 'Client' });
export const clientsAnswer = z.object({ clients: z.array(clientAnswer) });

export const grantAnswer = z
  .looseObject({
    id: z.string(),
    client_id: z.string(),
    sub: z.string().nullable(),
    kind: z.string(),
    scope: z.array(z.string()),
    resource: z.array(z.string()),
    created_at: time,
    revoked_at: time.nullable(),
    revoked_by: z.string().nullable().describe('The reason why it ended'),
  })
  .meta({ id: 'Grant' });
export const grantsAnswer = z.object({
  grants: z.array(
    grantAnswer.extend({
      refresh_tokens: z.array(
        z.looseObject({
          id: z.string(),
          parent: z.string().nullable(),
          generation: z.int(),
          scope: z.array(z.string()),
          issued_at: time,
          expires_at: time,
          used_at: time.nullable(),
          state: z.enum(['live', 'used', 'revoked', 'expired']),
        }),
      ),
    }),
  ),
});

export const issuedTokenAnswer = z
  .looseObject({
    access_token: z.string(),
    token_type: z.string(),
    expires_in: z.number().optional(),
    scope: z.string(),
    jti: z.string().optional(),
  })
  .meta({ id: 'IssuedToken' });

export const queueAnswer = z
  .object({
    decisions: z.array(z.looseObject({ decision: z.string(), times: z.union([z.int(), z.literal('always')]) })),
  })
  .meta({ id: 'Decisions', description: 'Decisions of the user in line, first to last' });
export const queuedAnswer = z.object({ codes: z.int(), tokens: z.int() }).meta({ id: 'Enqueued' });

const planItem = z
  .looseObject({
    scenario: z.string(),
    title: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'skipped']),
    why: z.string().optional().describe('Why it is skipped'),
    do: z.array(json).optional().describe('What to do, step by step'),
    judged_by: z.array(z.string()).optional(),
    not_judged: z
      .object({ why: z.string(), look: z.string() })
      .nullish()
      .describe('Why no rule judges it, and where to look'),
    seconds: z.object({ least: z.int(), most: z.int() }).optional(),
    sandbox: z.string().optional(),
    started_at: time.optional().describe('When it was opened last'),
    summary: json.optional(),
  })
  .meta({ id: 'PlanItem' });
export const planAnswer = z
  .looseObject({
    id: z.string(),
    revision: z.string(),
    address: z.enum(['each', 'one']),
    sandbox: z.string().nullable().describe('The one sandbox of the plan; null with an address each'),
    expires_at: time,
    items: z.array(planItem),
    control_token: z.string().optional().describe('Shown once, when the plan is made'),
    url: z.string().optional(),
  })
  .meta({ id: 'Plan', description: 'A client is taken through many scenarios' });
export const startedItemAnswer = z
  .looseObject({
    id: z.string(),
    mcp: z.object({ oauth: z.string(), bearer: z.string(), no_auth: z.string() }),
    issuer: z.string(),
    control_token: z.string(),
    clients: z.array(connectionAnswer),
    inspect_url: z.string(),
    do: z.array(json),
  })
  .meta({ id: 'StartedItem' });

const refusal = { step: z.string(), reason: z.string() };
export const classAnswer = z
  .looseObject({
    id: z.string(),
    track: z.string().describe('The track that is walked'),
    open: z.boolean().describe('Whether new participants get in'),
    presents: z.string().nullable().describe('The step that is presented to all'),
    frozen: z.boolean().describe('Whether the clocks of all are to stand still'),
    asks: z.object(refusal).nullable().describe('The refusal of which the wall would like to see one'),
    created_at: time,
    expires_at: time,
    join_url: z.string(),
    control_token: z.string().optional().describe('Of the wall. Shown once, when the class is made'),
    wall_url: z.string().optional(),
  })
  .meta({ id: 'Class', description: 'One link for many participants, and a wall that shows how far they are' });
export const joinedAnswer = z.object({ member_token: z.string().describe('Shown once') });
export const wallAnswer = z
  .object({
    members: z.array(z.object({ step: z.string(), state: z.string(), name: z.string().nullable(), seen_at: time })),
    causes: z
      .array(z.object({ step: z.string(), reason: z.string(), count: z.int(), of: z.int() }))
      .describe('Only of steps with three participants or more'),
    guesses: z.array(
      z.object({
        experiment: z.string(),
        count: z.int(),
        options: z.array(z.int()).nullable().describe('null until they are shown, and of fewer than three'),
      }),
    ),
    track: z.string(),
    open: z.boolean(),
    shown: z.array(z.string()).describe('Experiments whose guesses are shown'),
    frozen: z.boolean().describe('Whether the clocks of all are to stand still'),
    asks: z.object(refusal).nullable().describe('The refusal of which the wall would like to see one'),
    one: z
      .object({ ...refusal, request: z.string(), response: z.string() })
      .nullable()
      .describe('A refusal that its owner chose to show, masked'),
    created_at: time,
  })
  .meta({ id: 'Wall', description: 'How far the participants of a class are' });
/** The wall, as the server tells it. */
export type WallAnswer = z.infer<typeof wallAnswer>;

export const kidsAnswer = z.object({ kids: z.array(z.string()).describe('Ids of the signing keys') });
export const shareAnswer = z.looseObject({ id: z.string(), url: z.url(), token: z.string() }).meta({ id: 'Share' });

export const sharesAnswer = z.object({ shares: z.array(z.object({ id: z.string(), created_at: z.string() })) });

/** A set of public keys (RFC 7517 §5). */
export const jwksAnswer = z.looseObject({ keys: z.array(json) }).meta({ id: 'JwkSet' });

/** A document of metadata: members as its specification has them. */
export const metadataAnswer = z
  .looseObject({ issuer: z.string() })
  .meta({ id: 'AuthorizationServerMetadata', description: 'RFC 8414 §2, OpenID Connect Discovery §3' });
export const resourceMetadataAnswer = z
  .looseObject({ resource: z.string() })
  .meta({ id: 'ProtectedResourceMetadata', description: 'RFC 9728 §2' });

export const registrationAnswer = z
  .looseObject({
    client_id: z.string(),
    client_secret: z.string().optional(),
    registration_access_token: z.string().optional(),
    registration_client_uri: z.string().optional(),
  })
  .meta({ id: 'ClientInformation', description: 'RFC 7591 §3.2.1' });

export const tokenAnswer = z
  .looseObject({
    access_token: z.string(),
    token_type: z.string(),
    expires_in: z.number().optional(),
    refresh_token: z.string().optional(),
    scope: z.string().optional(),
    id_token: z.string().optional(),
  })
  .meta({ id: 'TokenResponse', description: 'RFC 6749 §5.1' });

export const introspectionAnswer = z
  .looseObject({ active: z.boolean() })
  .meta({ id: 'Introspection', description: 'RFC 7662 §2.2' });
export const pushedAnswer = z.looseObject({ request_uri: z.string(), expires_in: z.number() });
export const deviceAnswer = z.looseObject({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string().optional(),
  expires_in: z.number(),
  interval: z.number().optional(),
});
export const claimsAnswer = z.looseObject({ sub: z.string() }).meta({ id: 'Claims', description: 'Claims of a user' });

export const informationAnswer = z
  .looseObject({
    name: z.string(),
    version: z.string(),
    issuer: z.string(),
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ServerInformation' });
export const healthAnswer = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  database: z.enum(['connected', 'disconnected']),
  version: z.string(),
  timestamp: time,
});
export const readyAnswer = z.object({
  ready: z.boolean(),
  database: z.enum(['ready', 'unavailable']),
  timestamp: time,
});
