import { expect } from 'chai';
import { Readable } from 'node:stream';
import { type HttpAnswer, refuseWebPage } from '../../src/client/webPage.js';

const answerOf = (type: string | undefined, ...chunks: readonly string[]): HttpAnswer => ({
  statusCode: 200,
  headers: type === undefined ? {} : { 'content-type': type },
  body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});

/** What it is refused with; nothing when it is not. */
async function refusal(answer: HttpAnswer): Promise<unknown> {
  try {
    await refuseWebPage(answer);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('refuseWebPage', () => {
  for (const page of [
    '<html><head><title>Sign in</title></head><body/></html>',
    '<!DOCTYPE html>\n<html lang="en">',
    '\uFEFF \r\n<HTML>',
    '<!doctype   HTML PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
  ]) {
    it(`refuses ${JSON.stringify(page.slice(0, 30))}`, async () => {
      const error = await refusal(answerOf('text/html; charset=utf-8', page));
      expect(error).to.be.instanceOf(Error).and.include({ name: 'BadResponse' });
      expect(error).to.have.nested.property('$metadata.httpStatusCode', 200);
      expect(String(error)).not.to.include('Sign in');
    });
  }

  it('refuses one that comes in small pieces', async () => {
    expect(await refusal(answerOf('TEXT/HTML', '<!DOC', 'TYPE h', 'tml>'))).to.include({ name: 'BadResponse' });
  });

  it('lets XML pass that an emulator gives out as text/html, unharmed', async () => {
    const answer = answerOf('text/html', '<PublishBatchResponse>', '</PublishBatchResponse>');
    expect(await refusal(answer)).to.equal(undefined);
    expect(answer.body).to.deep.equal(Buffer.from('<PublishBatchResponse></PublishBatchResponse>'));
  });

  it('lets an empty answer pass', async () => {
    expect(await refusal(answerOf('text/html'))).to.equal(undefined);
  });

  for (const type of ['text/xml', 'application/x-amz-json-1.0', undefined, 'text/htmlx']) {
    it(`reads nothing of ${String(type)}`, async () => {
      const answer = answerOf(type, '<html>');
      const { body } = answer;
      expect(await refusal(answer)).to.equal(undefined);
      expect(answer.body).to.equal(body);
      expect(body).to.include({ readableDidRead: false });
    });
  }

  it('fails with the connection that breaks', async () => {
    const body = Readable.from(
      (function* () {
        yield Buffer.from('<html>');
        throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
      })(),
    );
    const broken = { statusCode: 200, headers: { 'content-type': 'text/html' }, body };
    expect(await refusal(broken)).to.include({ code: 'ECONNRESET' });
  });
});
