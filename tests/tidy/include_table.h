// Who may include whom: the layers of the house as data (ledger/README.md draws the same table).
//
// An entry that ends in '/' allows everything below it; any other entry is one header. Third-party
// headers are listed by the prefix between the angle brackets. The first layer whose `files` prefix
// matches a path rules it, so narrow entries stand above wide ones.
#pragma once

#include <string_view>
#include <vector>

namespace mrv::tidy {

struct Layer {
  std::string_view files;
  std::vector<std::string_view> own;
  std::vector<std::string_view> third_party;
  bool pure;   // no I/O, clock, randomness, floating point, threads, unordered iteration
  bool posix;  // may call the operating system directly
};

inline const std::vector<Layer>& include_table() {
  static const std::vector<Layer> table = {
      {"crypto/", {"crypto/"}, {"sodium", "openssl/", "nlohmann/"}, false, true},
      {"ledger/base/rational",
       {"ledger/base/", "crypto/bytes.h", "crypto/result.h"},
       {"boost/multiprecision/"},
       true,
       false},
      {"ledger/base/", {"ledger/base/", "crypto/bytes.h", "crypto/result.h"}, {}, true, false},
      {"ledger/model/", {"ledger/model/", "ledger/base/", "crypto/"}, {}, true, false},
      // Geometry knows neither carbon nor JSON.
      {"ledger/boundary/",
       {"ledger/boundary/", "ledger/base/", "crypto/bytes.h", "crypto/result.h"},
       {},
       true,
       false},
      {"ledger/codec/",
       {"ledger/codec/", "ledger/boundary/", "ledger/model/", "ledger/base/", "crypto/"},
       {"nlohmann/"},
       true,
       false},
      {"ledger/methodology/",
       {"ledger/methodology/", "ledger/codec/", "ledger/model/", "ledger/base/", "crypto/"},
       {},
       true,
       false},
      {"ledger/state/",
       {"ledger/state/", "ledger/methodology/", "ledger/codec/", "ledger/boundary/",
        "ledger/model/", "ledger/base/", "crypto/"},
       {},
       true,
       false},
      // The log knows bytes and hashes only: no carbon, hence neither model nor codec.
      {"ledger/log/", {"ledger/log/", "ledger/base/", "crypto/"}, {}, true, false},
      {"ledger/map/",
       {"ledger/map/", "ledger/codec/", "ledger/model/", "ledger/base/", "crypto/"},
       {},
       true,
       false},
      {"ledger/store/rocksdb_store.cpp",
       {"ledger/store/", "ledger/log/", "ledger/map/", "ledger/codec/", "ledger/base/", "crypto/"},
       {"rocksdb/"},
       false,
       true},
      {"ledger/store/",
       {"ledger/store/", "ledger/log/", "ledger/map/", "ledger/codec/", "ledger/base/", "crypto/"},
       {},
       false,
       true},
      {"ledger/order/postgres_orderer.cpp",
       {"ledger/order/", "ledger/codec/", "ledger/base/", "crypto/"},
       {"libpq-fe.h"},
       false,
       true},
      {"ledger/order/",
       {"ledger/order/", "ledger/log/", "ledger/map/", "ledger/codec/", "ledger/base/", "crypto/"},
       {},
       false,
       true},
      {"ledger/signer/",
       {"ledger/signer/", "ledger/store/store.h", "ledger/log/", "ledger/map/", "ledger/codec/",
        "ledger/base/", "crypto/"},
       {},
       false,
       true},
      {"ledger/node/", {"ledger/", "crypto/"}, {}, false, true},
      {"api/http/", {"api/http/", "ledger/base/", "crypto/"}, {"boost/", "nlohmann/"}, false, true},
      {"api/handlers/",
       {"api/handlers/", "api/http/", "ledger/node/", "verifier/", "ledger/codec/", "ledger/model/",
        "ledger/base/", "crypto/"},
       {"nlohmann/", "spdlog/", "prometheus/"},
       false,
       true},
      {"api/geometry.cpp",
       {"api/geometry.h", "ledger/boundary/", "ledger/base/", "crypto/"},
       {"geos_c.h"},
       false,
       true},
      // The programs put the parts together, so they alone may name every layer.
      {"api/",
       {"api/", "verifier/", "ledger/", "crypto/"},
       {"CLI/", "toml++/", "spdlog/", "nlohmann/", "prometheus/"},
       false,
       true},
      {"verifier/mrv_verify_main.cpp",
       {"verifier/", "ledger/base/", "ledger/model/", "ledger/codec/", "ledger/methodology/",
        "ledger/state/", "ledger/log/", "ledger/map/", "crypto/"},
       {"nlohmann/", "CLI/"},
       false,
       true},
      {"verifier/",
       {"verifier/", "ledger/base/", "ledger/model/", "ledger/codec/", "ledger/methodology/",
        "ledger/state/", "ledger/log/", "ledger/map/", "crypto/"},
       {"nlohmann/"},
       false,
       true},
  };
  return table;
}

}  // namespace mrv::tidy
