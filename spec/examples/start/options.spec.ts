import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { readOptions } from '../../../examples/start/options.js';

describe('npm start: options', () => {
  it('has defaults', () => {
    const options = { count: 1_000, endpoint: undefined, aws: false, help: false };
    expect(readOptions([])).to.deep.equal(E.right(options));
  });

  it('reads what is given', () => {
    const args = ['--count', '50000', '--endpoint=http://127.0.0.1:4566', '-h'];
    const options = { count: 50_000, endpoint: 'http://127.0.0.1:4566', aws: false, help: true };
    expect(readOptions(args)).to.deep.equal(E.right(options));
  });

  const refusals: readonly (readonly [args: readonly string[], text: string])[] = [
    [['--count', 'many'], '--count: expected a whole number from 1 to 10,000,000'],
    [['--count', '0'], '--count: expected a whole number from 1 to 10,000,000'],
    [['--count', '10000001'], '--count: expected a whole number from 1 to 10,000,000'],
    [['--count', '1e3'], '--count: expected a whole number from 1 to 10,000,000'],
    [['--count'], '--count'],
    [['--cuont', '5'], "Unknown option '--cuont'"],
    [['5'], "Unexpected argument '5'"],
    [['--endpoint', '127.0.0.1:4566'], '--endpoint: expected a URL such as http://127.0.0.1:4566'],
    [['--endpoint', 'http://127.0.0.1:4566', '--aws'], '--endpoint and --aws: give one of them'],
  ];
  for (const [args, text] of refusals) {
    it(`refuses ${args.join(' ')}`, () => {
      const refused = readOptions(args);
      expect(E.isLeft(refused) && refused.left).to.include(text);
    });
  }
});
