/** A run as HAR 1.2, as browsers and proxies read it. @see http://www.softwareishard.com/blog/har-12-spec/ */
import type { Exchange, HttpMessage } from '#lib/exchange/types.ts';

type Pairs = readonly { readonly name: string; readonly value: string }[];

const MAY_BE_DECODED = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

function pairs(text: string): Pairs {
  return text === ''
    ? []
    : text.split('&').map((pair) => {
        const [name = '', ...rest] = pair.split('=');
        return { name: MAY_BE_DECODED(name), value: MAY_BE_DECODED(rest.join('=')) };
      });
}

function headers(message: HttpMessage): Pairs {
  return message.headers.map(([name, value]) => ({ name, value }));
}

function headerOf(message: HttpMessage, name: string): string {
  return message.headers.find(([header]) => header.toLowerCase() === name)?.[1] ?? '';
}

function size(message: HttpMessage): number {
  return message.truncatedFrom ?? (message.body === null ? 0 : Buffer.byteLength(message.body));
}

/** The log of a run. @param version of this program */
export function toHar(
  exchanges: readonly Exchange[],
  version: string,
): { readonly log: Readonly<Record<string, unknown>> } {
  return {
    log: {
      version: '1.2',
      creator: { name: 'Authwalk', version },
      entries: exchanges.map((exchange) => {
        const { request, response } = exchange;
        const [, query = ''] = request.url.split('#', 1)[0]!.split(/\?(.*)/s, 2);
        const httpVersion = `HTTP/${request.httpVersion}`;
        const contentType = headerOf(request, 'content-type');
        return {
          startedDateTime: exchange.at,
          time: exchange.duration,
          request: {
            method: request.method,
            url: request.url,
            httpVersion,
            cookies: [],
            headers: headers(request),
            queryString: pairs(query),
            ...(request.body === null
              ? {}
              : {
                  postData: {
                    mimeType: contentType,
                    ...(contentType.includes('x-www-form-urlencoded')
                      ? { params: pairs(request.body), text: request.body }
                      : { text: request.body }),
                  },
                }),
            headersSize: -1,
            bodySize: size(request),
          },
          response: response
            ? {
                status: response.status,
                statusText: response.statusText,
                httpVersion,
                cookies: [],
                headers: headers(response),
                content: {
                  size: size(response),
                  mimeType: headerOf(response, 'content-type') || 'x-unknown',
                  ...(response.body === null ? {} : { text: response.body }),
                },
                redirectURL: headerOf(response, 'location'),
                headersSize: -1,
                bodySize: size(response),
              }
            : {
                status: 0,
                statusText: '',
                httpVersion,
                cookies: [],
                headers: [],
                content: { size: 0, mimeType: 'x-unknown' },
                redirectURL: '',
                headersSize: -1,
                bodySize: -1,
              },
          cache: {},
          timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: exchange.duration, receive: 0 },
          ...(exchange.client.connection === null ? {} : { connection: exchange.client.connection }),
          comment: `${exchange.endpoint}${exchange.reason === null ? '' : `: ${exchange.reason}`}`,
        };
      }),
    },
  };
}
