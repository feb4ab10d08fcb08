// SPDX-License-Identifier: MIT
#include "viz/ui/context.h"

#include <imgui.h>

#include <cmath>

#include "viz/scene/palette.h"
#include "viz/ui/keys.h"

namespace saggio::viz::ui {
namespace {

constexpr float kLetters = 15;  // pixels at scale 1, as in a picture 720 pixels high

// Latin, Greek, Cyrillic, and the signs that panels use; what else a text has is drawn as a box.
constexpr ImWchar kCharacters[] = {
    0x20, 0x24F, 0x370, 0x52F, 0x2010, 0x2027, 0x2190, 0x21FF, 0x2200, 0x22FF, 0x25A0, 0x25FF, 0};
constexpr ImWchar kBox = 0x25A1;

void set_keys(ImGuiIO& io) {
  io.KeyMap[ImGuiKey_Tab] = key::kTab;
  io.KeyMap[ImGuiKey_LeftArrow] = key::kLeft;
  io.KeyMap[ImGuiKey_RightArrow] = key::kRight;
  io.KeyMap[ImGuiKey_UpArrow] = key::kUp;
  io.KeyMap[ImGuiKey_DownArrow] = key::kDown;
  io.KeyMap[ImGuiKey_Home] = key::kHome;
  io.KeyMap[ImGuiKey_End] = key::kEnd;
  io.KeyMap[ImGuiKey_Delete] = key::kDelete;
  io.KeyMap[ImGuiKey_Backspace] = key::kBackspace;
  io.KeyMap[ImGuiKey_Enter] = key::kEnter;
  io.KeyMap[ImGuiKey_Escape] = key::kEscape;
  io.KeyMap[ImGuiKey_A] = 'A';
  io.KeyMap[ImGuiKey_C] = 'C';
  io.KeyMap[ImGuiKey_V] = 'V';
  io.KeyMap[ImGuiKey_X] = 'X';
  io.KeyMap[ImGuiKey_Y] = 'Y';
  io.KeyMap[ImGuiKey_Z] = 'Z';
}

ImVec4 colour(Rgba c, float alpha = 1) {
  const auto part = [](uint8_t value) { return static_cast<float>(value) / 255; };
  return {part(c.r), part(c.g), part(c.b), alpha};
}

void set_sizes(ImGuiStyle& style, float scale) {
  style = ImGuiStyle();
  style.WindowPadding = {10, 8};
  style.FramePadding = {7, 4};
  style.ItemSpacing = {7, 6};
  style.CellPadding = {6, 3};
  style.WindowRounding = 0;
  style.PopupRounding = 3;
  style.FrameRounding = 3;
  style.TabRounding = 3;
  style.GrabRounding = 3;
  style.ScrollbarSize = 12;
  style.WindowBorderSize = 1;
  style.FrameBorderSize = 1;
  style.AntiAliasedLinesUseTex = false;  // textures are read texel by texel
  style.ScaleAllSizes(scale);
}

}  // namespace

Context::Context(float scale)
    : context_(ImGui::CreateContext()), scale_(scale), em_(std::round(kLetters * scale)) {
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigInputTextCursorBlink = false;  // an idle window draws nothing
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  set_keys(io);
  ImFontConfig config;
  config.OversampleH = config.OversampleV = 1;
  config.PixelSnapH = true;
  config.GlyphRanges = kCharacters;
  config.EllipsisChar = 0x2026;
  io.Fonts->Flags |= ImFontAtlasFlags_NoBakedLines;
  ImFont* font = io.Fonts->AddFontFromFileTTF(standard_font_file().c_str(), em_, &config);
  uint8_t* texels = nullptr;
  int width = 0, height = 0;
  io.Fonts->GetTexDataAsAlpha8(&texels, &width, &height);
  font->FallbackChar = kBox;
  font->BuildLookupTable();
  letters_.width = static_cast<uint32_t>(width);
  letters_.height = static_cast<uint32_t>(height);
  letters_.edition = 1;
  letters_.texels.assign(texels, texels + size_t{letters_.width} * letters_.height);
  wear(false);
}

Context::~Context() { ImGui::DestroyContext(context_); }

void Context::wear(bool dark) {
  if (dark_ == static_cast<int>(dark)) return;
  dark_ = dark;
  const Theme& theme = dark ? dark_theme() : light_theme();
  ImGuiStyle& style = ImGui::GetStyle();
  set_sizes(style, scale_);
  dark ? ImGui::StyleColorsDark(&style) : ImGui::StyleColorsLight(&style);
  const Rgba text = theme.text, panel = theme.panel, accent{0, 114, 178};
  const auto tint = [&](float share) { return colour(mixed(panel, text, share)); };
  ImVec4* to = style.Colors;
  to[ImGuiCol_Text] = colour(text);
  to[ImGuiCol_TextDisabled] = colour(mixed(panel, text, 0.62f));
  to[ImGuiCol_WindowBg] = to[ImGuiCol_ChildBg] = to[ImGuiCol_PopupBg] = colour(panel);
  to[ImGuiCol_Border] = to[ImGuiCol_Separator] = tint(0.2f);
  to[ImGuiCol_FrameBg] = colour(theme.background);
  to[ImGuiCol_FrameBgHovered] = to[ImGuiCol_FrameBgActive] = tint(0.08f);
  to[ImGuiCol_Button] = to[ImGuiCol_Tab] = to[ImGuiCol_TabUnfocused] = tint(0.06f);
  to[ImGuiCol_ButtonHovered] = to[ImGuiCol_TabHovered] = tint(0.16f);
  to[ImGuiCol_ButtonActive] = tint(0.24f);
  to[ImGuiCol_TabActive] = to[ImGuiCol_TabUnfocusedActive] = tint(0.2f);
  to[ImGuiCol_TableHeaderBg] = tint(0.06f);
  to[ImGuiCol_TableBorderLight] = to[ImGuiCol_TableBorderStrong] = tint(0.14f);
  const float mid = dark ? 0.45f : 0.22f;
  to[ImGuiCol_Header] = colour(mixed(panel, accent, mid));
  to[ImGuiCol_HeaderHovered] = colour(mixed(panel, accent, mid * 0.6f));
  to[ImGuiCol_HeaderActive] = colour(mixed(panel, accent, mid * 1.4f));
  to[ImGuiCol_SliderGrab] = to[ImGuiCol_SliderGrabActive] = to[ImGuiCol_CheckMark] =
      to[ImGuiCol_PlotLines] = colour(dark ? mixed(accent, text, 0.4f) : accent);
  to[ImGuiCol_TextSelectedBg] = colour(accent, 0.35f);
}

PanelDrawing Context::drawing() const {
  PanelDrawing result;
  const ImDrawData* data = ImGui::GetDrawData();
  const auto width = static_cast<float>(letters_.width),
             height = static_cast<float>(letters_.height);
  for (int i = 0; i < data->CmdListsCount; ++i) {
    const ImDrawList& list = *data->CmdLists[i];
    const auto first_vertex = static_cast<uint32_t>(result.vertices.size());
    const auto first_index = static_cast<uint32_t>(result.indices.size());
    for (const ImDrawVert& v : list.VtxBuffer) {
      const auto part = [&](int shift) { return static_cast<uint8_t>(v.col >> shift & 255); };
      result.vertices.push_back({v.pos.x,
                                 v.pos.y,
                                 v.uv.x * width,
                                 v.uv.y * height,
                                 {part(IM_COL32_R_SHIFT),
                                  part(IM_COL32_G_SHIFT),
                                  part(IM_COL32_B_SHIFT),
                                  part(IM_COL32_A_SHIFT)}});
    }
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const ImVec4& clip = command.ClipRect;
      result.pieces.push_back({first_index + command.IdxOffset,
                               command.ElemCount,
                               {clip.x, clip.y, clip.z - clip.x, clip.w - clip.y}});
      for (uint32_t k = command.IdxOffset; k < command.IdxOffset + command.ElemCount; ++k) {
        result.indices.resize(std::max<size_t>(result.indices.size(), first_index + k + 1));
        result.indices[first_index + k] =
            first_vertex + command.VtxOffset + list.IdxBuffer[static_cast<int>(k)];
      }
    }
  }
  return result;
}

}  // namespace saggio::viz::ui
