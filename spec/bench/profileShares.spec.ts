import { expect } from 'chai';
import { ownerOfFile, sharesOf } from '../../bench/report/profileShares.js';

const frame = (functionName: string, url = '') => ({ functionName, url });

describe('shares of a profile', () => {
  it('give what has no file to whoever called it, and leave idle time out', () => {
    const nodes = [
      { id: 1, callFrame: frame('(root)'), children: [2, 4, 5] },
      { id: 2, callFrame: frame('decode', 'file:///x/node_modules/io-ts/lib/index.js'), children: [3] },
      { id: 3, callFrame: frame('parse') },
      { id: 4, callFrame: frame('(idle)') },
      { id: 5, callFrame: frame('(garbage collector)') },
    ];
    expect(sharesOf({ nodes, samples: [3, 2, 4, 5], timeDeltas: [20, 10, 500, 10] })).to.deep.equal([
      { of: 'io-ts', share: 0.75 },
      { of: 'garbage collection', share: 0.25 },
    ]);
  });

  it('know files by their package, the innermost', () => {
    expect(ownerOfFile('file:///x/node_modules/a/node_modules/@smithy/core/index.js')).to.equal('@smithy/core');
    expect(ownerOfFile('file:///x/bench/.build/src/consumer/poll.js')).to.equal('this library: consumer');
    expect(ownerOfFile('file:///x/bench/.build/src/topic.js')).to.equal('this library: core');
    expect(ownerOfFile('file:///x/bench/.build/bench/work/serve.js')).to.equal('the benchmark');
    expect(ownerOfFile('node:internal/crypto/hash')).to.equal('Node: crypto');
    expect(ownerOfFile('node:_http_client')).to.equal('Node: HTTP and sockets');
    expect(ownerOfFile('node:internal/timers')).to.equal('Node: all else');
  });
});
