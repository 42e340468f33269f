import fc from 'fast-check';
import { instructionsFromJson, messagesFromJson } from './messages-from-json.ts';
import type { JsonValue } from './read-attribute.ts';

const user = (content: string) => ({ role: 'user', parts: [{ type: 'text', content }] });
const call = { type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Paris' } };

describe('messagesFromJson', () => {
  test.each<[string, JsonValue, readonly unknown[]]>([
    ['a text', 'Hi', [user('Hi')]],
    ['the conventions', [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }], [user('Hi')]],
    ['OpenAI chat', { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] }, [user('Hi')]],
    [
      'OpenAI tool calls',
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
          ],
        },
      ],
      [{ role: 'assistant', parts: [call] }],
    ],
    [
      'an OpenAI tool answer',
      [{ role: 'tool', tool_call_id: 'call_1', content: '18C' }],
      [{ role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: '18C' }] }],
    ],
    [
      'OpenAI responses items',
      [
        { role: 'user', content: 'Hi' },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' },
        { type: 'function_call_output', call_id: 'call_1', output: '18C' },
      ],
      [
        user('Hi'),
        { role: 'user', parts: [call] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'call_1', response: '18C' }] },
      ],
    ],
    [
      'Anthropic with a system prompt',
      {
        system: 'Be terse.',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Hi' },
              { type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' },
            ],
          },
        ],
      },
      [
        { role: 'system', parts: [{ type: 'text', content: 'Be terse.' }] },
        {
          role: 'user',
          parts: [
            { type: 'text', content: 'Hi' },
            { type: 'tool_call_response', id: 'toolu_1', response: 'ok' },
          ],
        },
      ],
    ],
    [
      'Gemini',
      {
        contents: [
          {
            role: 'model',
            parts: [
              { text: 'Hmm', thought: true },
              { functionCall: { id: 'call_1', name: 'get_weather', args: { city: 'Paris' } } },
            ],
          },
        ],
      },
      [{ role: 'assistant', parts: [{ type: 'reasoning', content: 'Hmm' }, call] }],
    ],
    [
      'a Gemini candidate',
      { candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finish_reason: 'STOP' }] },
      [{ role: 'assistant', parts: [{ type: 'text', content: 'Hi' }], finish_reason: 'STOP' }],
    ],
    ['Bedrock Converse', [{ role: 'user', content: [{ text: 'Hi' }] }], [user('Hi')]],
    [
      'LangChain',
      {
        messages: [
          [
            {
              lc: 1,
              type: 'constructor',
              id: ['langchain', 'schema', 'messages', 'HumanMessage'],
              kwargs: { content: 'Hi', type: 'human' },
            },
          ],
        ],
      },
      [user('Hi')],
    ],
    [
      'an AI SDK tool call',
      [
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'call_1', toolName: 'get_weather', input: { city: 'Paris' } }],
        },
      ],
      [{ role: 'assistant', parts: [call] }],
    ],
    [
      'an image',
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] }],
      [{ role: 'user', parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' }] }],
    ],
    [
      'choices',
      {
        choices: [
          { finish_reason: 'stop', message: { role: 'assistant', content: 'A' } },
          { finish_reason: 'length', message: { role: 'assistant', content: 'B' } },
        ],
      },
      [
        { role: 'assistant', parts: [{ type: 'text', content: 'A' }], finish_reason: 'stop' },
        { role: 'assistant', parts: [{ type: 'text', content: 'B' }], finish_reason: 'length' },
      ],
    ],
    ['an object of the program', { answer: 42 }, [user('{"answer":42}')]],
    ['nothing', null, []],
  ])('reads %s', (_shape, value, expected) => {
    expect(JSON.parse(JSON.stringify(messagesFromJson(value, 'user')))).toEqual(expected);
  });

  test('arguments that were encoded twice become the structure', () => {
    const value = [
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', function: { name: 'get_weather', arguments: '"{\\"city\\":\\"Paris\\"}"' } }],
      },
    ];
    expect(messagesFromJson(value, 'assistant')).toEqual([{ role: 'assistant', parts: [call] }]);
  });

  test('takes any JSON without throwing, and always gives a role and parts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        for (const message of messagesFromJson(value, 'user')) {
          expect(typeof message.role).toBe('string');
          for (const part of message.parts) expect(typeof part.type).toBe('string');
        }
      })
    );
  });
});

describe('instructionsFromJson', () => {
  test.each<[JsonValue, readonly unknown[]]>([
    ['Be terse.', [{ type: 'text', content: 'Be terse.' }]],
    [[{ type: 'text', content: 'Be terse.' }], [{ type: 'text', content: 'Be terse.' }]],
    [{ parts: [{ text: 'Be terse.' }] }, [{ type: 'text', content: 'Be terse.' }]],
    [[{ role: 'system', content: 'Be terse.' }], [{ type: 'text', content: 'Be terse.' }]],
    [null, []],
  ])('%j', (value, expected) => {
    expect(instructionsFromJson(value)).toEqual(expected);
  });
});
