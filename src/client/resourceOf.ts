/** The name of what a request is about, for its error: the last part of an ARN or URL. */
export function resourceOf(request: unknown): string | undefined {
  const { topicArn, queueUrl, queueName, name } = request as Readonly<Record<string, unknown>>;
  const place = [topicArn, queueUrl, queueName, name].find((field) => typeof field === 'string');
  return typeof place === 'string' ? /[\w.-]+$/.exec(place)?.[0] : undefined;
}
