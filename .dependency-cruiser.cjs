// The imports go one way, as the design's layout says. Type-only imports count too: a layer that knows another's types
// depends on it.

const npm = (name) => `node_modules/${name}/`;

/** What `from` may import inside src/ besides itself; all else there is forbidden. */
const layer = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...allowed] },
});

const errors = '^src/errors\\.ts$';
const events = '^src/events\\.ts$';
const config = '^src/config(/|\\.ts$)';
const topic = '^src/topic\\.ts$';
const limits = '^src/client/limits\\.ts$';
const names = '^src/topology/(names|arn)\\.ts$';
const door = '^src/(testing/)?index\\.ts$';
const message = '^src/message/';
const operators = '^src/operators/';
const topology = '^src/topology/';
const producer = '^src/producer/';
const consumer = '^src/consumer/';
const subscription = '^src/subscription/';
const testing = '^src/testing/';
// The port and the pure helpers around it, not the files that make a client of the SDK.
const port = '^src/client/(client|health|operations|limits|classify|entryFault|observeCalls)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    layer('errors-stand-alone', errors, []),
    layer('events-know-errors', events, [errors, message]),
    layer('topic-is-pure-data', topic, [errors, message, limits]),
    layer('config-is-pure-data', config, [errors, limits, names, port]),
    layer('message-is-pure', message, [errors, topic, limits]),
    layer('operators-are-generic', operators, []),
    layer('client-below-the-engine', '^src/client/', [errors, events, config, message, names]),
    layer('topology', topology, [port, topic, config, errors, events, message, operators]),
    layer('producer', producer, [message, operators, port, topology, topic, errors, events]),
    layer('consumer', consumer, [message, operators, port, topology, topic, errors, events]),
    layer('subscription-over-consumer', subscription, [consumer, message, port, topic, errors, events]),
    {
      name: 'message-imports-no-rxjs-no-aws',
      comment: 'fp-ts, io-ts and hashes only; rxjs as a type, because Message carries Observables.',
      severity: 'error',
      from: { path: message },
      to: { pathNot: ['^src/', npm('fp-ts'), npm('io-ts'), npm('rxjs'), '^crypto$'] },
    },
    {
      name: 'message-runs-no-rxjs',
      severity: 'error',
      from: { path: message },
      to: { path: npm('rxjs'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'operators-import-rxjs-only',
      severity: 'error',
      from: { path: operators },
      to: { pathNot: [operators, npm('rxjs')] },
    },
    {
      name: 'limits-import-nothing',
      severity: 'error',
      from: { path: limits },
      to: {},
    },
    {
      name: 'sdk-only-in-client-aws',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/client/aws\\.ts$' },
      to: { path: npm('@(aws-sdk|smithy)') },
    },
    {
      name: 'nobody-imports-the-door',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: door },
    },
    {
      name: 'testing-is-for-users',
      comment: 'The test double must not travel in the main door.',
      severity: 'error',
      from: { path: '^src/', pathNot: testing },
      to: { path: testing },
    },
    {
      name: 'testing-needs-no-aws',
      severity: 'error',
      from: { path: testing },
      to: { path: '^src/client/(aws|createClient)\\.ts$' },
    },
    {
      name: 'testing-reaches-no-sdk-and-no-runner',
      comment: 'It works in every runner, and where no SDK is installed.',
      severity: 'error',
      from: { path: testing },
      to: { path: npm('(@aws-sdk|@smithy|mocha|chai|sinon|vitest|jest)'), reachable: true },
    },
    {
      name: 'the-main-door-reaches-no-testing',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: testing, reachable: true },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'What no door reaches is dead.',
      severity: 'error',
      from: { path: door },
      to: { path: '^src/', pathNot: door, reachable: false },
    },
    {
      name: 'only-declared-packages',
      comment: 'What users get is in peerDependencies; a development tool would be missing there.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
