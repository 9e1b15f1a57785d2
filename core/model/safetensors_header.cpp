// SPDX-License-Identifier: GPL-3.0-or-later
// Token by token through the header, then sizes and tiling.
#include "core/model/safetensors_header.h"

#include "core/base/excerpt.h"
#include "core/base/json_tokens.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace preflab {
namespace {

constexpr std::size_t kMaxTensors = 200'000;
constexpr std::size_t kMaxRank = 8;
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::size_t kMaxMetadataBytes = std::size_t{16} << 20;
constexpr std::uint64_t kMaxInteger = (std::uint64_t{1} << 48) - 1;

bool hasControlCharacter(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7F) return true;
        // U+0080 to U+009F, which some terminals obey as well
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
    }
    return false;
}

/// Knows where in the header it is and what may come there.
class HeaderHandler : public JsonTokenHandler {
public:
    bool null() override { return stop("null is not allowed"); }
    bool boolean(bool) override { return stop("true and false are not allowed"); }
    bool number_integer(number_integer_t) override { return stop("a number must be 0 or plain digits"); }
    bool number_float(number_float_t, const string_t&) override { return stop("a number must be 0 or plain digits"); }
    bool number_unsigned(number_unsigned_t value) override;
    bool string(string_t& value) override;
    bool start_object(std::size_t) override;
    bool key(string_t& name) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;

    SafetensorsHeader take() { return std::move(m_header); }

private:
    enum class Place { Start, Top, Metadata, Tensor, List };
    enum class Field { DataType = 1, Shape = 2, Offsets = 4 };

    bool tensorKey(const std::string& name);

    SafetensorsHeader m_header;
    Place m_place = Place::Start;
    bool m_hasMetadata = false;
    std::size_t m_metadataBytes = 0;
    std::string m_key;
    TensorEntry m_tensor;
    std::vector<std::uint64_t> m_offsets;
    Field m_field = Field::DataType;
    unsigned m_fieldsSeen = 0;
};

bool HeaderHandler::number_unsigned(number_unsigned_t value)
{
    if (m_place != Place::List) return stop("a number is not allowed here");
    if (value > kMaxInteger) return stop("a number is above 2^48 - 1");
    if (m_field == Field::Offsets) {
        if (m_offsets.size() == 2) return stop("data_offsets must be two numbers");
        m_offsets.push_back(value);
    } else {
        if (m_tensor.shape.size() == kMaxRank) return stop("shape has more than 8 dimensions");
        m_tensor.shape.push_back(static_cast<std::int64_t>(value));
    }
    return true;
}

bool HeaderHandler::string(string_t& value)
{
    if (m_place == Place::Metadata) {
        m_metadataBytes += m_key.size() + value.size();
        if (m_metadataBytes > kMaxMetadataBytes) return stop("__metadata__ is longer than 16 MiB");
        if (!m_header.metadata.emplace(m_key, std::move(value)).second) {
            return stop("duplicate key \"" + excerptOf(m_key) + "\" in __metadata__");
        }
        return true;
    }
    if (m_place != Place::Tensor || m_field != Field::DataType) return stop("a text is not allowed here");
    const auto type = tensorTypeNamed(value);
    if (!type) return stop("dtype \"" + excerptOf(value) + "\" " + type.error());
    m_tensor.type = *type;
    return true;
}

bool HeaderHandler::start_object(std::size_t)
{
    if (m_place == Place::Start) {
        m_place = Place::Top;
    } else if (m_place == Place::Top && m_key == kMetadataKey) {
        m_place = Place::Metadata;
    } else if (m_place == Place::Top) {
        m_place = Place::Tensor;
        m_tensor = TensorEntry{};
        m_tensor.name = m_key;
        m_offsets.clear();
        m_fieldsSeen = 0;
    } else {
        return stop("an object is not allowed here");
    }
    return true;
}

bool HeaderHandler::key(string_t& name)
{
    if (m_place == Place::Tensor) return tensorKey(name);
    m_key = std::move(name);
    if (m_place == Place::Metadata) return true;
    if (m_key == kMetadataKey) {
        if (std::exchange(m_hasMetadata, true)) return stop("duplicate key \"__metadata__\"");
        return true;
    }
    if (m_header.tensors.size() == kMaxTensors) return stop("there are more than 200,000 tensors");
    if (m_key.empty() || m_key.size() > kMaxNameBytes) return stop("a tensor name must be 1 to 1024 bytes long");
    if (hasControlCharacter(m_key)) return stop("a tensor name has a control character");
    return true;
}

bool HeaderHandler::tensorKey(const std::string& name)
{
    if (name == "dtype") {
        m_field = Field::DataType;
    } else if (name == "shape") {
        m_field = Field::Shape;
    } else if (name == "data_offsets") {
        m_field = Field::Offsets;
    } else {
        return stop("unknown key \"" + excerptOf(name) + "\" in a tensor");
    }
    const auto bit = static_cast<unsigned>(m_field);
    if ((m_fieldsSeen & bit) != 0) return stop("duplicate key \"" + name + "\"");
    m_fieldsSeen |= bit;
    return true;
}

bool HeaderHandler::end_object()
{
    if (m_place == Place::Tensor) {
        if (m_fieldsSeen != 7) return stop("a tensor needs dtype, shape and data_offsets");
        if (m_offsets[1] < m_offsets[0]) return stop("data_offsets end before they begin");
        m_tensor.offset = m_offsets[0];
        m_tensor.bytes = m_offsets[1] - m_offsets[0];
        m_header.tensors.push_back(std::move(m_tensor));
    }
    m_place = m_place == Place::Top ? Place::Start : Place::Top;
    return true;
}

bool HeaderHandler::start_array(std::size_t)
{
    if (m_place != Place::Tensor || m_field == Field::DataType) return stop("a list is not allowed here");
    m_place = Place::List;
    return true;
}

bool HeaderHandler::end_array()
{
    if (m_field == Field::Offsets && m_offsets.size() != 2) return stop("data_offsets must be two numbers");
    m_place = Place::Tensor;
    return true;
}

tl::unexpected<HeaderFault> tensorFault(const TensorEntry& tensor, std::string reason)
{
    return tl::unexpected<HeaderFault>(HeaderFault{"tensor " + excerptOf(tensor.name), std::move(reason)});
}

tl::expected<void, HeaderFault> checkSizes(const std::vector<TensorEntry>& tensors, std::uint64_t dataBytes)
{
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorEntry& tensor = tensors[i];
        if (i > 0 && tensors[i - 1].name == tensor.name) return tensorFault(tensor, "its name occurs twice");
        if (tensor.offset > dataBytes || tensor.bytes > dataBytes - tensor.offset) {
            return tensorFault(tensor, "its data_offsets lie outside the file");
        }
        const auto bytes = tensorBytes(tensor.type, tensor.shape);
        if (!bytes) return tensorFault(tensor, "its shape is too large to count");
        if (*bytes != tensor.bytes) {
            return tensorFault(tensor, "its shape needs " + std::to_string(*bytes) +
                                           " bytes, but its data_offsets hold " + std::to_string(tensor.bytes));
        }
    }
    return {};
}

/// No byte of the data may belong to two tensors or to none, or a file could be two files at once.
tl::expected<void, HeaderFault> checkTiling(const std::vector<TensorEntry>& tensors, std::uint64_t dataBytes)
{
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return std::pair(tensors[left].offset, tensors[left].bytes) <
               std::pair(tensors[right].offset, tensors[right].bytes);
    });
    std::uint64_t end = 0;
    for (const std::size_t index : order) {
        const TensorEntry& tensor = tensors[index];
        if (tensor.offset < end) return tensorFault(tensor, "its data overlap with those of another tensor");
        if (tensor.offset > end) return tensorFault(tensor, "before its data there are bytes of no tensor");
        end += tensor.bytes;
    }
    if (end == dataBytes) return {};
    return tl::unexpected<HeaderFault>(
        HeaderFault{"data byte " + std::to_string(end), "behind the last tensor there are bytes of no tensor"});
}

}  // namespace

tl::expected<SafetensorsHeader, HeaderFault> parseSafetensorsHeader(std::string_view json, std::uint64_t dataBytes)
{
    HeaderHandler handler;
    if (const auto fault = readJsonTokens(json, handler)) {
        return tl::unexpected<HeaderFault>(HeaderFault{"header byte " + std::to_string(fault->offset), fault->reason});
    }
    SafetensorsHeader header = handler.take();
    std::sort(header.tensors.begin(), header.tensors.end(),
              [](const TensorEntry& left, const TensorEntry& right) { return left.name < right.name; });
    if (auto sizes = checkSizes(header.tensors, dataBytes); !sizes) return tl::unexpected(std::move(sizes).error());
    if (auto tiles = checkTiling(header.tensors, dataBytes); !tiles) return tl::unexpected(std::move(tiles).error());
    return header;
}

}  // namespace preflab
