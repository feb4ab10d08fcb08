// SPDX-License-Identifier: MIT
#include "viz/window/app.h"

#include <GLFW/glfw3.h>
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "viz/choose.h"
#include "viz/paper/picture_file.h"

namespace saggio::viz::window {
namespace {

constexpr int kSettling = 3;                       // frames after something happened
constexpr std::chrono::milliseconds kAtOnce{150};  // that a store may take to open without a word
constexpr double kOpening = 0.1;                   // seconds from word to word of how far it is
constexpr double kFollow = 0.25;     // seconds from look to look at a store that may grow
constexpr double kRest = 0.12;       // seconds, until a camera that was moved is at rest
constexpr double kFrame = 1.0 / 60;  // seconds, while something moves

// A semaphore says that we have done with it.
constexpr vulkan::Use kShown{
    VK_IMAGE_LAYOUT_PRESENT_SRC_KHR, VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT, VK_ACCESS_2_NONE};

VkSurfaceKHR surface_of(const Pane& pane, VkInstance instance) {
  VkSurfaceKHR surface{};
  if (glfwCreateWindowSurface(instance, pane.handle(), nullptr, &surface) != VK_SUCCESS)
    throw NoDevice("Vulkan cannot draw into a window here; use --render out.png");
  return surface;
}

// A run's graph is called like the run.
std::string title_of(const std::string& store) {
  const std::filesystem::path path(store);
  const bool run = path.filename() == "graph" && path.has_parent_path();
  return (run ? path.parent_path() : path).filename().string() + " - saggio";
}

// Of panels and picture alike.
float letters_scale(const WindowRequest& request, const Pane& pane) {
  const double letters = request.view.letters;
  return letters > 0 ? static_cast<float>(letters) / kTextHeight : pane.scale();
}

Viewport room_for_picture(const Pane& pane, float em, const ui::Opened& opened) {
  const Viewport all = pane.size();
  const Box box = ui::arranged(all.width, all.height, em, opened.side, opened.table).picture;
  return {box.width, box.height};
}

}  // namespace

App::App(const WindowRequest& request)
    : request_(request),
      pane_("saggio", request.view.width, request.view.height),
      renderer_({.device = request.view.device,
                 .validate = request.view.validate,
                 .window_extensions = pane_.extensions()}),
      swapchain_(renderer_.device(), surface_of(pane_, renderer_.device().instance())),
      panels_(renderer_.device(), swapchain_.format()),
      desk_(letters_scale(request, pane_), request.offers),
      font_(Font::standard(desk_.context().em())) {
  panels_.set_letters(desk_.context().letters());
  if (!request.view.store.empty()) {
    open(request.view.store);
    return;
  }
  offers_ = request.offers();
  offers_.insert(offers_.begin(), {Example::kName, Example::kTold, ""});
}

// On a thread of its own, up to the first picture; a small store is there at once.
void App::open(const std::string& folder) {
  const Viewport room = room_for_picture(pane_, desk_.context().em(), desk_.opened());
  opening_name_ = folder;
  opening_ = std::make_unique<Background<std::unique_ptr<Session>>>([this, folder, room](
                                                                        const Watch& watch) {
    auto session = std::make_unique<Session>(folder, room, Placing::Live, standard_layout, watch);
    session->set_font(font_);
    choose(request_.view, *session);
    session->plan(font_);
    return session;
  });
  if (opening_->done(kAtOnce)) take_opened();
}

void App::take_opened() {
  const auto opening = std::exchange(opening_, nullptr);
  session_ = opening->take();
  actor_ = std::make_unique<ui::Actor>(*session_, request_.record);
  stale_ = true;
  frames_ = kSettling;
}

std::string App::how_far() const {
  const auto megabytes = [](uint64_t bytes) { return 1e-6 * static_cast<double>(bytes); };
  return opening_->all() == 0 ? std::string("reading")
                              : fmt::format("{:.0f} of {:.0f} MB were read",
                                            megabytes(opening_->bytes()),
                                            megabytes(opening_->all()));
}

void App::run() {
  while (!pane_.closing()) {
    if (pane_.listen(patience())) frames_ = kSettling;
    if (opening_) frames_ = std::max(frames_, 1);
    follow();
    const Viewport size = pane_.size();
    const bool seen =
        swapchain_.fit({static_cast<uint32_t>(size.width), static_cast<uint32_t>(size.height)});
    if (frames_ <= 0 || !seen) continue;
    --frames_;
    session_ ? frame() : start_frame();
    present();
  }
}

double App::patience() const {
  if (opening_) return kOpening;
  if (frames_ > 0) return 0;
  if (!session_) return -1;
  if (desk_.moves() || session_->moving() || session_->behind() > 0) return kFrame;
  return still_ ? kFollow : kRest;
}

// What the store committed since. One that was deleted or damaged meanwhile is shown as it was.
void App::follow() {
  if (!session_) return;
  if (session_->advance()) stale_ = moved_ = true;
  keep_places();
  if (stale_ || desk_.moves() || !still_) frames_ = std::max(frames_, 1);
  const Clock::time_point now = Clock::now();
  const bool looked = std::chrono::duration<double>(now - looked_).count() < kFollow;
  if (looked && session_->behind() == 0) return;
  looked_ = now;
  try {
    const Session::Followed news = session_->follow();
    if (!news) return;
    stale_ |= news.picture;
    frames_ = kSettling;
  } catch (const std::exception& error) {
    if (actor_->note() == error.what()) return;
    actor_->say(error.what());
    frames_ = kSettling;
  }
}

// Once the layout is at rest, so that the graph looks the same when it is opened again.
void App::keep_places() {
  const bool rests = !session_->moving();
  if (!std::exchange(moved_, !rests) || !rests) return;
  actor_->attempt([this] { session_->keep_places(); });
}

void App::start_frame() {
  if (pane_.fill_io()) frames_ = kSettling;
  if (opening_) {
    desk_.waiting_frame(opening_name_, how_far());
    if (!opening_->done()) return;
    // What was asked for when the program was started is refused as all that is.
    if (!request_.view.store.empty()) return take_opened();
    try {
      take_opened();
    } catch (const std::exception& error) {
      note_ = error.what();
    }
    return;
  }
  const std::optional<size_t> chosen = desk_.start_frame(start_, offers_, note_);
  if (!chosen) return;
  frames_ = kSettling;
  try {
    if (*chosen == 0) example_ = std::make_unique<Example>();
    open(*chosen == 0 ? example_->folder() : offers_[*chosen].folder);
  } catch (const std::exception& error) {
    note_ = error.what();
  }
}

void App::frame() {
  if (pane_.fill_io()) frames_ = kSettling;
  const ui::Pick pick = [this](int64_t x, int64_t y) {
    return seen_ > 0 ? renderer_.pick(x, y) : PickId{0};
  };
  desk_.frame(*actor_, seen_, pick);
  const Box box = desk_.picture();
  session_->resize({box.width, box.height});
  const bool other = stale_ || drawn_ != session_->state() || drawn_size_ != session_->viewport();
  const bool rested = std::chrono::duration<double>(Clock::now() - drawn_at_).count() > kRest;
  if (other || (!still_ && rested)) {
    draw_picture();
    frames_ = std::max(frames_, 1);  // panels may say something of it
  }
  if (const auto file = std::exchange(desk_.opened().save, std::nullopt)) save_picture(*file);
  if (desk_.opened().leave) pane_.close();
}

// All of it, also where a moving camera is shown a sample.
void App::save_picture(const std::string& file) {
  frames_ = kSettling;
  actor_->attempt([&] {
    const std::string name = file.empty() ? free_picture_name() : file;
    write_picture(name, session_->plan(font_), font_, &renderer_);
    actor_->say(fmt::format("saved: {}", std::filesystem::absolute(name).string()));
  });
}

// While a hand moves the camera, of many edges a sample; all of them once it rests.
void App::draw_picture() {
  still_ = !drawn_ || drawn_->camera == session_->state().camera;
  const RenderPlan plan = session_->plan(font_, still_);
  renderer_.render(plan, overlay_of(plan, font_));
  drawn_ = session_->state();
  drawn_size_ = session_->viewport();
  drawn_at_ = Clock::now();
  stale_ = false;
  ++seen_;
}

void App::present() {
  panels_.put(desk_.drawing());
  const bool dark = session_ && session_->state().style.dark;
  const bool shown = swapchain_.show([&](VkCommandBuffer commands, const vulkan::Glass& glass) {
    panels_.compose(commands,
                    session_ && seen_ > 0 ? &renderer_.picture() : nullptr,
                    desk_.picture(),
                    glass,
                    (dark ? dark_theme() : light_theme()).background,
                    kShown);
  });
  if (!shown) frames_ = kSettling;
  if (const auto messages = renderer_.device().take_messages(); !messages.empty())
    throw std::runtime_error(fmt::format(
        "Vulkan validation: {} messages, the first: {}", messages.size(), messages.front()));
  pane_.set_title(session_ ? title_of(session_->name()) : "Start - saggio");
}

}  // namespace saggio::viz::window
