/** What was asked of the server, as it could be asked again. */
export function queryOf(name: string, input: object): string {
  return `${name} ${JSON.stringify(input)}`;
}
