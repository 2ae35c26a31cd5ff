import type { Check } from './checks.js';

const INSECURE = 'expected https, or http to a loopback host; allowInsecureEndpoint: true permits http elsewhere';

/** An endpoint whose requests nobody on the way can read, unless that is asked for. */
export const endpoint: Check = (value, path, { allowInsecureEndpoint }) => {
  const url = urlOf(value);
  if (url === undefined) return [{ path, message: 'expected a URL such as https://sqs.eu-west-1.amazonaws.com' }];
  if (hasUser(url)) return [{ path, message: 'expected a URL without user name and password' }];
  const isSafe = url.protocol === 'https:' || isLoopback(url.hostname);
  return isSafe || allowInsecureEndpoint === true ? [] : [{ path, message: INSECURE }];
};

/** A value as the URL of a web server; undefined when it is none. */
export function urlOf(value: unknown): URL | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** Whether a URL holds a user name or a password. */
export const hasUser = ({ username, password }: URL): boolean => username !== '' || password !== '';

/** Hosts as URL spells them: in lower case, addresses of any notation in their usual one. */
function isLoopback(host: string): boolean {
  return host === '[::1]' || /^127(\.\d+){3}$/.test(host) || /(^|\.)localhost\.?$/.test(host);
}
