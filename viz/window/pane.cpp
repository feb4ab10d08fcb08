// SPDX-License-Identifier: MIT
#include "viz/window/pane.h"

#include <GLFW/glfw3.h>
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "viz/plan/backend.h"
#include "viz/ui/keys.h"

namespace saggio::viz::window {
namespace {

namespace key = ui::key;
static_assert(key::kLeftShift == GLFW_KEY_LEFT_SHIFT &&
              key::kLeftControl == GLFW_KEY_LEFT_CONTROL && key::kLeftAlt == GLFW_KEY_LEFT_ALT &&
              key::kRightShift == GLFW_KEY_RIGHT_SHIFT &&
              key::kRightControl == GLFW_KEY_RIGHT_CONTROL &&
              key::kRightAlt == GLFW_KEY_RIGHT_ALT && key::kEscape == GLFW_KEY_ESCAPE &&
              key::kEnter == GLFW_KEY_ENTER && key::kTab == GLFW_KEY_TAB &&
              key::kBackspace == GLFW_KEY_BACKSPACE && key::kDelete == GLFW_KEY_DELETE &&
              key::kRight == GLFW_KEY_RIGHT && key::kLeft == GLFW_KEY_LEFT &&
              key::kDown == GLFW_KEY_DOWN && key::kUp == GLFW_KEY_UP &&
              key::kHome == GLFW_KEY_HOME && key::kEnd == GLFW_KEY_END && key::kF1 == GLFW_KEY_F1 &&
              key::kSpace == GLFW_KEY_SPACE && key::kSlash == GLFW_KEY_SLASH &&
              key::kMinus == GLFW_KEY_MINUS && key::kEqual == GLFW_KEY_EQUAL &&
              key::kComma == GLFW_KEY_COMMA && key::kPeriod == GLFW_KEY_PERIOD &&
              key::kBefore == GLFW_KEY_LEFT_BRACKET && key::kAfter == GLFW_KEY_RIGHT_BRACKET &&
              key::kPadMinus == GLFW_KEY_KP_SUBTRACT && key::kPadPlus == GLFW_KEY_KP_ADD &&
              GLFW_KEY_A == 'A' && GLFW_KEY_0 == '0');

[[noreturn]] void refuse(const char* what) {
  const char* told = nullptr;
  glfwGetError(&told);
  std::string reason = told ? told : "no reason was given";
  reason.resize(reason.find_last_not_of(' ') + 1);  // of a display without a name nothing follows
  throw NoDevice(fmt::format(
      "{}: {}; on a machine without a display: saggio view STORE --render out.png", what, reason));
}

}  // namespace

Pane::Pane(const std::string& title, uint32_t width, uint32_t height) : title_(title) {
  if (!glfwInit()) refuse("no window can be opened");
  glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  window_ = glfwCreateWindow(
      static_cast<int>(width), static_cast<int>(height), title.c_str(), nullptr, nullptr);
  if (!window_ || !glfwVulkanSupported()) {
    try {
      refuse(window_ ? "Vulkan cannot draw into a window here" : "no window can be opened");
    } catch (...) {
      if (window_) glfwDestroyWindow(window_);
      glfwTerminate();
      throw;
    }
  }
  arrow_ = glfwCreateStandardCursor(GLFW_ARROW_CURSOR);
  beam_ = glfwCreateStandardCursor(GLFW_IBEAM_CURSOR);
  glfwSetWindowUserPointer(window_, this);
  watch();
}

Pane& Pane::of(GLFWwindow* window) {
  Pane& pane = *static_cast<Pane*>(glfwGetWindowUserPointer(window));
  pane.touched_ = true;  // whatever happens to the window makes it drawn again
  return pane;
}

void Pane::watch() {
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int) {
    if (action != GLFW_REPEAT) of(w).events_.key(key, action == GLFW_PRESS);
  });
  glfwSetCharCallback(window_,
                      [](GLFWwindow* w, unsigned letter) { of(w).events_.letter(letter); });
  // All is measured in pixels, also where the system counts otherwise.
  glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) {
    int width = 0, height = 0;
    glfwGetWindowSize(w, &width, &height);
    const Viewport pixels = of(w).size();
    if (width > 0 && height > 0)
      of(w).events_.mouse(static_cast<float>(x) * pixels.width / static_cast<float>(width),
                          static_cast<float>(y) * pixels.height / static_cast<float>(height));
  });
  glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int entered) {
    // A drag goes on outside.
    if (!entered && !glfwGetMouseButton(w, GLFW_MOUSE_BUTTON_LEFT))
      of(w).events_.mouse(-1e9f, -1e9f);
  });
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
    of(w).events_.button(button, action == GLFW_PRESS);
  });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double notches) {
    of(w).events_.wheel(static_cast<float>(notches));
  });
  glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int focused) {
    if (!focused) of(w).events_.leave();
  });
  glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { of(w); });
  glfwSetWindowIconifyCallback(window_, [](GLFWwindow* w, int) { of(w); });
  glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { of(w); });
}

Pane::~Pane() {
  glfwDestroyWindow(window_);
  glfwTerminate();
}

std::vector<const char*> Pane::extensions() const {
  uint32_t count = 0;
  const char** names = glfwGetRequiredInstanceExtensions(&count);
  return {names, names + count};
}

float Pane::scale() const {
  float across = 1, down = 1;
  glfwGetWindowContentScale(window_, &across, &down);
  return std::clamp(across, 0.5f, 4.f);
}

Viewport Pane::size() const {
  int width = 0, height = 0;
  glfwGetFramebufferSize(window_, &width, &height);
  return {static_cast<float>(width), static_cast<float>(height)};
}

bool Pane::closing() const { return glfwWindowShouldClose(window_) != 0; }
void Pane::close() { glfwSetWindowShouldClose(window_, GLFW_TRUE); }

void Pane::set_title(const std::string& title) {
  if (title == title_) return;
  title_ = title;
  glfwSetWindowTitle(window_, title.c_str());
}

bool Pane::listen(double seconds) {
  if (seconds < 0)
    glfwWaitEvents();
  else if (seconds > 0)
    glfwWaitEventsTimeout(seconds);
  else
    glfwPollEvents();
  return std::exchange(touched_, false);
}

bool Pane::fill_io() {
  ImGuiIO& io = ImGui::GetIO();
  const Viewport pixels = size();
  io.DisplaySize = {pixels.width, pixels.height};
  const double now = glfwGetTime();
  io.DeltaTime = std::max(1e-4f, static_cast<float>(now - time_));
  time_ = now;
  io.ClipboardUserData = window_;
  io.GetClipboardTextFn = [](void* window) {
    const char* text = glfwGetClipboardString(static_cast<GLFWwindow*>(window));
    return text ? text : "";
  };
  io.SetClipboardTextFn = [](void* window, const char* text) {
    glfwSetClipboardString(static_cast<GLFWwindow*>(window), text);
  };
  glfwSetCursor(window_, ImGui::GetMouseCursor() == ImGuiMouseCursor_TextInput ? beam_ : arrow_);
  return events_.feed();
}

}  // namespace saggio::viz::window
