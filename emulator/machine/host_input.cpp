#include "emulator/machine/host_input.hpp"

#include <algorithm>

#include "isa/base/assert.hpp"

namespace seamount::emu {
namespace {

constexpr std::uint64_t kWords = std::uint64_t{1} << 32;  ///< values of a random word
/// Set in the number of a block of random words: those that decide where the first 32 bits of a
/// probability and of a draw are equal. Sources are fewer than 2^24.
constexpr std::uint32_t kLowerWords = 0x80000000U;
/// Likewise, of phases; the number of the sample stands where the others have the step.
constexpr std::uint32_t kPhases = 0x40000000U;

bool rate_spikes(std::int64_t q, std::int64_t max, std::int64_t l) {
    return q > 0 && (l + 1) * q / max > l * q / max;
}

bool latency_spikes(std::int64_t q, std::int64_t max, std::uint64_t driven, std::uint64_t l) {
    if (q <= 0) return false;
    // l == floor(x + 1/2) with x = (driven - 1) * (max - q) / max. Values above full scale come
    // first, like full scale itself.
    const auto scale = static_cast<std::uint64_t>(max);
    const auto missing = static_cast<std::uint64_t>(max - std::min(q, max));
    return l == (2 * (driven - 1) * missing + scale) / (2 * scale);
}

}  // namespace

SamplePosition position_of(const isa::DatasetImage& dataset, std::uint64_t step) {
    SamplePosition at;
    at.step = step;
    if (dataset.samples == 0 || dataset.steps_per_sample == 0) return at;
    const std::uint64_t sample = step / dataset.steps_per_sample;
    if (sample >= dataset.samples) return at;
    at.active = true;
    at.sample = static_cast<std::uint32_t>(sample);
    at.local = static_cast<std::uint32_t>(step % dataset.steps_per_sample);
    at.start = at.local == 0;
    at.end = at.local + 1 == dataset.steps_per_sample;
    at.driven = dataset.steps_per_sample - std::min(dataset.blank, dataset.steps_per_sample);
    return at;
}

HostInput::HostInput(const isa::InputImage& image, std::uint32_t index,
                     const isa::DatasetImage& dataset, std::uint64_t seed)
    : image_{&image}, random_{RandomDomain::kHostInputs, seed, index} {
    if (image.kind == isa::InputKind::kWrite) {
        SM_ASSERT(!image.spike_steps.empty() || image.samples.size() == image.writes.size() ||
                      image.samples.size() == dataset.samples * image.writes.size(),
                  image.name);
    } else if (!image.samples.empty()) {
        SM_ASSERT(image.full_scale >= 1 && image.size != 0 && dataset.samples != 0, image.name);
        const std::uint64_t per_sample = image.samples.size() / dataset.samples;
        SM_ASSERT(per_sample >= image.size, image.name);
        raster_steps_ = per_sample / image.size;
    }
}

void HostInput::spikes(std::uint64_t step, const SamplePosition& at,
                       std::vector<std::uint32_t>& sources) const {
    switch (image_->kind) {
        case isa::InputKind::kSpikes:
            return listed(step, sources);
        case isa::InputKind::kTimedEvents:
            return listed(at.step, sources);
        case isa::InputKind::kRate:
        case isa::InputKind::kPoisson:
            if (image_->samples.empty()) return from_rates(step, sources);
            return from_sample(at, sources);
        case isa::InputKind::kLatency:
            return from_sample(at, sources);
        case isa::InputKind::kRaster:
        case isa::InputKind::kGraded:
            return from_raster(at, sources);
        case isa::InputKind::kPhasedRate:
            return from_phase(step, at, sources);
        case isa::InputKind::kWrite:
        case isa::InputKind::kReward:
            return;
    }
}

HostInput::Span HostInput::listed_at(std::uint64_t step) const {
    const auto begin = image_->spike_steps.begin();
    const auto [first, last] = std::equal_range(begin, image_->spike_steps.end(), step);
    return {static_cast<std::size_t>(first - begin), static_cast<std::size_t>(last - first)};
}

void HostInput::listed(std::uint64_t step, std::vector<std::uint32_t>& sources) const {
    const Span at = listed_at(step);
    const auto found = std::span{image_->spike_sources}.subspan(at.first, at.count);
    sources.insert(sources.end(), found.begin(), found.end());
}

std::span<const std::int32_t> HostInput::payloads(std::uint64_t step,
                                                  const SamplePosition& position,
                                                  std::vector<std::int32_t>& buffer) const {
    if (image_->kind == isa::InputKind::kGraded) {
        buffer.clear();
        for (const std::int32_t value : row_at(position)) {
            if (value != 0) buffer.push_back(value);
        }
        return buffer;
    }
    if (image_->spike_payloads.empty()) return {};
    const bool follows = image_->kind == isa::InputKind::kTimedEvents;
    const Span at = listed_at(follows ? position.step : step);
    return std::span{image_->spike_payloads}.subspan(at.first, at.count);
}

template <class Fires>
void HostInput::poisson(std::uint64_t step, std::vector<std::uint32_t>& sources,
                        Fires fires) const {
    for (std::uint32_t first = 0; first < image_->size; first += 4) {
        const std::array<std::uint32_t, 4> words = random_.block(first / 4, step);
        const std::uint32_t count = std::min(image_->size - first, 4U);
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto lower = [&] { return random_.block(kLowerWords | first / 4, step)[i]; };
            if (fires(first + i, words[i], lower)) sources.push_back(first + i);
        }
    }
}

void HostInput::from_rates(std::uint64_t step, std::vector<std::uint32_t>& sources) const {
    const std::vector<std::uint64_t>& rates = image_->rates;
    if (image_->kind == isa::InputKind::kPoisson) {
        return poisson(step, sources, [&](std::uint32_t i, std::uint32_t word, auto lower) {
            const std::uint64_t rate = rates[i];
            const auto upper = static_cast<std::uint32_t>(rate >> 32U);
            if (word > upper) return false;  // nearly always
            if (word < upper) return true;
            const auto rest = static_cast<std::uint32_t>(rate);
            return rate == isa::InputImage::kAlways || (rest != 0 && lower() < rest);
        });
    }
    for (std::uint32_t i = 0; i < image_->size; ++i) {
        // floor((t+1)*r/2^64) > floor(t*r/2^64): the fraction of t*r/2^64 carries when r is added.
        const std::uint64_t rate = rates[i];
        const std::uint64_t fraction = step * rate;
        if (fraction + rate < rate || rate == isa::InputImage::kAlways) sources.push_back(i);
    }
}

void HostInput::from_sample(const SamplePosition& at, std::vector<std::uint32_t>& sources) const {
    if (!at.active || at.local >= at.driven) return;
    const std::int32_t* const q = image_->samples.data() + std::size_t{at.sample} * image_->size;
    const std::int64_t max = image_->full_scale;
    switch (image_->kind) {
        case isa::InputKind::kPoisson:
            return poisson(at.step, sources, [&](std::uint32_t i, std::uint32_t word, auto lower) {
                // q/max > word/2^32, by how much in units of 1/(max * 2^32)
                const std::int64_t above =
                    std::int64_t{q[i]} * std::int64_t{kWords} - std::int64_t{word} * max;
                if (above <= 0 || above >= max) return above > 0;
                return lower() <
                       (static_cast<std::uint64_t>(above) << 32U) / static_cast<std::uint64_t>(max);
            });
        case isa::InputKind::kLatency:
            for (std::uint32_t i = 0; i < image_->size; ++i) {
                if (latency_spikes(q[i], max, at.driven, at.local)) sources.push_back(i);
            }
            return;
        default:
            for (std::uint32_t i = 0; i < image_->size; ++i) {
                if (rate_spikes(q[i], max, at.local)) sources.push_back(i);
            }
    }
}

std::span<const std::int32_t> HostInput::row_at(const SamplePosition& at) const {
    if (!at.active || at.local >= std::min<std::uint64_t>(at.driven, raster_steps_)) return {};
    return std::span{image_->samples}.subspan((at.sample * raster_steps_ + at.local) * image_->size,
                                              image_->size);
}

void HostInput::from_raster(const SamplePosition& at, std::vector<std::uint32_t>& sources) const {
    const std::span<const std::int32_t> row = row_at(at);
    for (std::uint32_t i = 0; i < row.size(); ++i) {
        if (row[i] != 0) sources.push_back(i);
    }
}

void HostInput::from_phase(std::uint64_t step, const SamplePosition& at,
                           std::vector<std::uint32_t>& sources) const {
    const bool sampled = !image_->samples.empty();
    if (sampled && (!at.active || at.local >= at.driven)) return;
    const std::int64_t max = image_->full_scale;
    const auto spikes = [&](std::uint32_t i, std::uint32_t phase) {
        if (!sampled) {
            // As from_rates, with the phase in the fraction.
            const std::uint64_t rate = image_->rates[i];
            const std::uint64_t fraction = step * rate + (std::uint64_t{phase} << 32U);
            return fraction + rate < rate || rate == isa::InputImage::kAlways;
        }
        // Below 1, so in whole units of 1/max: what is below them never makes a difference.
        const auto start = static_cast<std::int64_t>(
            std::uint64_t{phase} * static_cast<std::uint64_t>(max) >> 32U);
        const std::int64_t q = image_->samples[std::size_t{at.sample} * image_->size + i];
        return ((at.local + std::int64_t{1}) * q + start) / max > (at.local * q + start) / max;
    };
    for (std::uint32_t first = 0; first < image_->size; first += 4) {
        const std::array<std::uint32_t, 4> words =
            random_.block(kPhases | first / 4, sampled ? at.sample : 0U);
        const std::uint32_t count = std::min(image_->size - first, 4U);
        for (std::uint32_t i = 0; i < count; ++i) {
            if (spikes(first + i, words[i])) sources.push_back(first + i);
        }
    }
}

void HostInput::writes(std::uint64_t step, const SamplePosition& at, bool restored,
                       std::vector<Write>& written) const {
    if (image_->kind != isa::InputKind::kWrite) return;
    if (!image_->spike_steps.empty()) return listed_writes(step, restored, written);
    const std::size_t size = image_->writes.size();
    const bool held = image_->samples.size() == size;
    if (held ? step != 0 && !restored : !at.active || !at.start) return;
    const std::size_t first = held ? 0 : at.sample * size;
    for (std::size_t i = 0; i < size; ++i) {
        written.push_back({static_cast<std::uint32_t>(i), image_->samples[first + i]});
    }
}

void HostInput::listed_writes(std::uint64_t step, bool restored,
                              std::vector<Write>& written) const {
    const Span now = listed_at(step);
    if (!restored) {
        for (std::size_t k = now.first; k < now.first + now.count; ++k) {
            written.push_back({image_->spike_sources[k], image_->spike_payloads[k]});
        }
        return;
    }
    std::vector<std::size_t> latest(image_->writes.size(), image_->spike_steps.size());
    for (std::size_t k = 0; k < now.first + now.count; ++k) latest[image_->spike_sources[k]] = k;
    for (std::uint32_t place = 0; place < latest.size(); ++place) {
        if (latest[place] == image_->spike_steps.size()) continue;
        written.push_back({place, image_->spike_payloads[latest[place]]});
    }
}

}  // namespace seamount::emu
