"""Compares what openapi_peer printed (standard input) with what its own document says, as TAP."""
import json
import sys

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

LEAST_BODIES = 300
count = 0


def tell(good, words):
    global count
    count += 1
    print(f'{"ok" if good else "not ok"} {count} - {words}')


def fits(schema, value):
    return Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(value)


def compare(document, bodies):
    """Where decoding and the schema disagree on a body, it is shown."""
    taken = 0
    for path, method, verdict, text in bodies:
        content = document["paths"][path][method]["requestBody"]["content"]
        schema_takes = fits(content["application/json"]["schema"], json.loads(text))
        taken += verdict == "taken"
        if schema_takes != (verdict == "taken"):
            print(f"# {method} {path}: {verdict}, but the schema says otherwise: {text}")
            yield text
    print(f"# {taken} of {len(bodies)} bodies are taken")


lines = [line.rstrip("\n").split("\t") for line in sys.stdin]
document = json.loads(next(line[1] for line in lines if line[0] == "document"))
mistakes = list(OpenAPIV31SpecValidator(document).iter_errors())
for mistake in mistakes:
    print("#", mistake.message[:300])
tell(not mistakes, "the document is OpenAPI 3.1")

bodies = [line[1:] for line in lines if line[0] == "body"]
tell(len(bodies) >= LEAST_BODIES, f"there are {len(bodies)} bodies to compare")
tell(not list(compare(document, bodies)), "what is decoded is what the schemas take")

for _, path, method, text in (line for line in lines if line[0] == "answer"):
    content = document["paths"][path][method]["responses"]["200"]["content"]
    tell(fits(content["application/json"]["schema"], json.loads(text)), f"{path} answers as its schema says")
print(f"1..{count}")
