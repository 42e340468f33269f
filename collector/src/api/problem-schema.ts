import { Type } from '@sinclair/typebox';

/** Body of every answer that is no success, `application/problem+json`. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'Always about:blank: the status says what kind of problem it is' }),
    title: Type.String({ description: 'What is wrong' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    detail: Type.Optional(Type.String({ description: 'What to do about it' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'Path of the field; empty for the body itself' }),
          message: Type.String(),
        }),
        { description: 'Every fault of the request' }
      )
    ),
  },
  { description: 'A problem as RFC 9457 writes it' }
);
