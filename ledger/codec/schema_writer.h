// The published JSON Schemas (draft-07) and the JSON-LD context of the acts, written from the same
// descriptions (ledger/model/describe.h) that the typed decoder reads. The texts are the files of
// schemas/; a test holds the two byte-equal.
//
// A schema is necessary, not sufficient: whatever decode_act accepts satisfies it. It is looser in
// the places that its $comments name and refuses whatever else the decoder refuses for structure.
// Cross-checked with an independent validator by tests/conformance. Pure functions, any thread.
#pragma once

#include <string>
#include <vector>

namespace mrv::codec {

struct PublishedFile {
  std::string name;  // below schemas/
  std::string text;  // JSON, indented, with a line feed at the end
};

// One schema of the whole signed document for every alternative of model::ActBody, in that order,
// as <act-type>.schema.json.
std::vector<PublishedFile> act_schemas();

// standards/methodology.schema.json and standards/factor-table.schema.json: the form of a
// methodology version and of a factor table.
std::vector<PublishedFile> standard_schemas();

// context-v1.jsonld: what kActContext (act_codec.h) stands for. Every act type and member is a term
// of the vocabulary urn:mrv-ledger:vocab#, unless the credentials context protects the name.
PublishedFile act_context();

}  // namespace mrv::codec
