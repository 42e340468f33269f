/** A known way to put it, by which an attack that the model found gets its kind. */
export interface AttackPattern {
  readonly kind: 'prompt_injection' | 'jailbreak';
  readonly expression: RegExp;
}

/** Reviewed to be linear: every gap is bounded and no repetition is nested in another. */
export const attackPatterns: readonly AttackPattern[] = [
  {
    kind: 'prompt_injection',
    expression:
      /\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,24}\b(?:previous|prior|above|preceding|earlier|initial|original|all|any|your)\b.{0,24}\b(?:instructions?|prompts?|directions?|guidelines?|rules|commands?|context|messages?)\b/is,
  },
  {
    kind: 'prompt_injection',
    expression:
      /\b(?:ignore|disregard|forget|stop|cancel)\b.{0,60}\b(?:instead|rule|now (?:you|print|say|write)|you(?:'re| are) (?:now )?an?)\b/is,
  },
  {
    kind: 'prompt_injection',
    expression:
      /\b(?:vergiss|vergessen sie|ignorier(?:e|en)|missachten?|olvid[ae]r?|ignora[r]?|oubli(?:e|es|ez)|ignore[sz]?|dimentica|esqueça|negeer)\b.{0,32}\b(?:anweisung(?:en)?|aufgaben|instruktionen|vorherigen?|obigen?|instrucciones|anteriores|antes|instructions|précédentes|consignes|istruzioni|precedenti|instruções|instructies)\b/is,
  },
  {
    kind: 'prompt_injection',
    expression:
      /\b(?:reveal|print|show|repeat|output|display|tell me|give me|leak|write down|what (?:is|are|was|were))\b.{0,32}\b(?:your|the|this|initial|hidden|secret|full|above)\b.{0,16}\b(?:system prompt|initial prompt|system message|initial instructions?|hidden instructions?|original instructions?|secret (?:key|password|word)|prompt (?:text|above))\b/is,
  },
  {
    kind: 'prompt_injection',
    expression:
      /(?:<\|im_start\|>|<\|system\|>|\[\/?INST\]|<<SYS>>|###\s{0,2}(?:new )?(?:system|instruction)s?\b|\bBEGIN (?:NEW )?SYSTEM\b)/i,
  },
  {
    kind: 'prompt_injection',
    expression:
      /\b(?:what(?:'s| is| are| was| would)|tell me|give me|share|say|spell|reveal|write|know)\b.{0,40}\b(?:your|the (?:secret|user(?:'s)?|hidden|system))\b.{0,16}\b(?:pass(?:word|phrase|code|key)|secret|access code|initials|home address|birth ?da(?:y|te)|date of birth)/is,
  },
  {
    kind: 'prompt_injection',
    expression:
      /<!--.{0,80}\b(?:ignore|instructions?|assistant|instead)\b|\b(?:note|message|instructions?|attention)\b.{0,12}\b(?:to|for)\b.{0,12}\b(?:ai|assistant|language model|llm|chatbot)\b|\bnew (?:instructions?|task)s?\s{0,2}:/is,
  },
  {
    kind: 'prompt_injection',
    expression:
      /\b(?:above|previous|initial|first|original|your|hidden)\b.{0,24}\b(?:instructions?|prompt|system message)\b.{0,60}\b(?:verbatim|word for word|in (?:base64|morse|full)|reverse|code block|backwards|first \d{1,3} words)\b/is,
  },
  {
    kind: 'jailbreak',
    expression:
      /\b(?:do anything now|jailbr(?:eak|oken)|DAN mode|developer mode|(?:un(?:filtered|censored|restricted)|amoral|evil) (?:ai|chatbot|response|assistant|language model)|stay in character|STAN\b|AIM\b.{0,40}machiavellian)/i,
  },
  {
    kind: 'jailbreak',
    expression:
      /\b(?:without|no|free (?:of|from)|any|ignore|lift|not bound by)\b.{0,24}\b(?:restrictions?|limitations?|filters?|censorship|ethical|moral|content polic(?:y|ies)|openai(?:'s)? (?:policies|rules|guidelines))\b/is,
  },
  {
    kind: 'jailbreak',
    expression:
      /\b(?:you (?:are|will) (?:now|going to)|from now on|pretend(?: to be| you)|act as|role.?play|simulate)\b.{0,80}\b(?:no rules|unfiltered|uncensored|anything|illegal|unethical|never refuse|cannot refuse|not refuse|always answer|without (?:any )?(?:filter|restriction|limit))/is,
  },
];
