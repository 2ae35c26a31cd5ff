import * as E from 'fp-ts/lib/Either.js';
import { type AWSMessagingConfig, configFromEnv } from 'rxjs-aws-messaging';
import { isMain } from './isMain.js';

/**
 * The configuration that the environment gives; without one that works the process ends here. The app reads its
 * environment, in this one place. The library never does.
 */
export function configOrExit(env: NodeJS.ProcessEnv): AWSMessagingConfig {
  const config = configFromEnv(env);
  if (E.isRight(config)) return config.right;
  // Every fault at once, so that nobody has to start five times. None of them quotes a value: some are secrets.
  console.error('The environment does not give a configuration that works:');
  for (const { path, message } of config.left.faults) console.error(`  ${path}: ${message}`);
  process.exit(1);
}

if (isMain(import.meta.url)) {
  const { credentials: _secret, ...shown } = configOrExit(process.env);
  console.log('The configuration, without the credentials:');
  console.log(shown);
}
