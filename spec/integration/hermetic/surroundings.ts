import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Wrong values that would have an effect; anything else is `true`, which switches on what can be switched on. */
const wrongValues = (trapUrl: string): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: 'AKIAWRONG',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: trapUrl,
  AWS_DEFAULTS_MODE: 'auto',
  AWS_DEFAULT_REGION: WRONG_REGION,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: trapUrl,
  AWS_ENDPOINT_URL: trapUrl,
  AWS_ENDPOINT_URL_SNS: trapUrl,
  AWS_ENDPOINT_URL_SQS: trapUrl,
  // Switched on, it would spare the endpoints above.
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
  AWS_MAX_ATTEMPTS: '2',
  AWS_PROFILE: PROFILE,
  AWS_REGION: WRONG_REGION,
  AWS_RETRY_MODE: 'adaptive',
});
export const WRONG_REGION = 'us-gov-west-1';
const PROFILE = 'wrong';

/** A set of variables that a process is started with. */
type Variables = Readonly<Record<string, string>>;

/** Everything by which the surroundings of a process could steer the SDK, set to something else. */
export async function wrongSurroundings(directory: string, trapUrl: string): Promise<Record<string, Variables>> {
  const wrong = wrongValues(trapUrl);
  const files = await writeSharedFiles(directory, (setting) => wrong[`AWS_${setting.toUpperCase()}`] ?? 'true');
  const variables = sdkVariables().map((name) => [name, wrong[name] ?? 'true'] as const);
  return {
    'every variable': { ...Object.fromEntries(variables), ...files },
    'the shared files of a profile': { ...files, AWS_PROFILE: PROFILE },
    'the shared files in the home directory': { HOME: directory, USERPROFILE: directory },
  };
}

/** Writes `.aws/config` and `.aws/credentials`; every setting is in the default profile and in another. */
async function writeSharedFiles(directory: string, valueOf: (setting: string) => string): Promise<Variables> {
  const settings = ['region', ...sdkSettings()].map((name) => `${name} = ${valueOf(name)}`);
  const profile = (name: string): string => [`[${name}]`, ...settings, ''].join('\n');
  const config = join(directory, '.aws', 'config');
  const credentials = join(directory, '.aws', 'credentials');
  await mkdir(join(directory, '.aws'), { recursive: true });
  await writeFile(config, profile('default') + profile(`profile ${PROFILE}`));
  await writeFile(credentials, profile('default') + profile(PROFILE));
  return { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };
}

/**
 * Every variable the installed SDK may read: whatever it names in capitals, and more than that, so that a variable of a later
 * version is not missed. Some are put together out of such a name and the name of the service.
 */
export function sdkVariables(): readonly string[] {
  const named = namesIn(sdkSources(), /\bAWS_[A-Z0-9_]+\b|(?<=["'`.])_*[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?=\b)/g);
  const bases = named.map((name) => name.replace(/_$/, ''));
  return [...new Set(bases.flatMap((name) => [name, `${name}_SNS`, `${name}_SQS`]))];
}

/** Every setting the installed SDK may read in a shared file, in the same way. */
const sdkSettings = (): readonly string[] => namesIn(sdkSources(), /(?<=["'`.])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?=\b)/g);

const namesIn = (sources: readonly string[], name: RegExp): readonly string[] => [
  ...new Set(sources.flatMap((source) => source.match(name) ?? [])),
];

/** The code of the clients and of all they depend on, as it is loaded by Node. */
function sdkSources(): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    const directory = (createRequire(from).resolve.paths(name) ?? [])
      .map((modules) => join(modules, name))
      .find((candidate) => existsSync(candidate));
    if (directory === undefined || found.has(directory)) return;
    found.add(directory);
    const manifest = join(directory, 'package.json');
    // The part of a manifest that is read here; npm has checked it.
    const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const dependency of Object.keys(dependencies))
      if (/^@(aws|smithy)/.test(dependency)) visit(dependency, manifest);
  };
  for (const client of ['@aws-sdk/client-sns', '@aws-sdk/client-sqs']) visit(client, import.meta.url);
  return [...found].flatMap((directory) => {
    const code = join(directory, 'dist-cjs');
    if (!existsSync(code)) return [];
    return readdirSync(code, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(code, file), 'utf8'));
  });
}
