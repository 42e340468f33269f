/** What the OpenAPI document says beside the routes. */
export const OPENAPI = {
  openapi: '3.1.0',
  info: {
    title: 'Spanledger',
    description:
      'The books of what AI applications do. The workspace is that of the key. Money is decimal text in US dollars, exact to 12 digits.',
    version: '',
  },
  components: {
    securitySchemes: {
      bearer: { type: 'http' as const, scheme: 'bearer', description: 'A key made by `spanledger keys create`' },
      apiKey: { type: 'apiKey' as const, in: 'header' as const, name: 'x-api-key', description: 'The same key' },
    },
  },
};
