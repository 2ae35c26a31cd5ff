import { type HttpAnswer, refuseWebPage } from './webPage.js';

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/** Sends a body, signed, and gives the answer, its body still to be read. */
export type Post = (body: string, headers: Headers, signal: AbortSignal) => Promise<HttpAnswer>;

interface UnsignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The parts of an SDK client's configuration that are used here: who signs, and who carries. */
interface SdkConfig<Request> {
  readonly signer: (scheme: {
    readonly name: string;
    readonly signingName: string;
    readonly signingRegion: string;
    readonly properties: Record<string, unknown>;
  }) => Promise<{
    sign(request: UnsignedRequest, options: { readonly signingDate: Date }): Promise<Request>;
  }>;
  readonly requestHandler: {
    handle(
      request: Request,
      options: { readonly abortSignal: AbortSignal },
    ): Promise<{ readonly response: HttpAnswer }>;
  };
  /** How far AWS's clock is ahead, as far as the SDK has found out. */
  readonly systemClockOffset: number;
}

export interface PostPlace {
  /** By which it signs: `sqs` or `sns`. */
  readonly service: string;
  readonly region: string;
  readonly endpoint: string;
}

/**
 * The SDK's signer and request handler, one after the other. Between them the SDK's client works out anew for each call what
 * is the same for all of them: endpoint, kind of signature, retries, headers. That is more than half of what a call costs.
 */
export function signedPost<Request>(config: SdkConfig<Request>, { service, region, endpoint }: PostPlace): Post {
  const { protocol, host, hostname, port, pathname } = new URL(endpoint);
  // As the SDK has it for the other calls: AWS's operations are at `/` beneath the endpoint.
  const path = pathname.endsWith('/') ? pathname : `${pathname}/`;
  const place = { protocol, hostname, ...(port === '' ? {} : { port: Number(port) }), method: 'POST', path };
  const scheme = { name: 'sigv4', signingName: service, signingRegion: region, properties: {} };
  let signer: Awaited<ReturnType<typeof config.signer>> | undefined;
  return async (body, headers, abortSignal) => {
    signer ??= await config.signer(scheme);
    const request = {
      ...place,
      query: {},
      headers: { ...headers, host, 'content-length': String(Buffer.byteLength(body)) },
      body,
    };
    const signingDate = new Date(Date.now() + config.systemClockOffset);
    const signed = await signer.sign(request, { signingDate });
    const { response } = await config.requestHandler.handle(signed, { abortSignal });
    await refuseWebPage(response);
    return response;
  };
}
